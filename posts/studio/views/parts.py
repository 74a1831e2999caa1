"""Serve the pages to announce, change, move and remove a part of a series."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import author_required, form_page, person_asking
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ...actions import PartInput, set_parts
from ...models import Part, Series
from ..access import get_part, get_series
from ..forms import PartForm, attempt
from ..part_positions import part_inputs
from .series import show

Change = Callable[[list[PartInput]], list[PartInput]]


@form_page
@author_required
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an announced part at the end of the series; the same part sent twice is added once."""
    user = person_asking(request)
    series = get_series(user, pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = PartForm(data, author=user, part=None, prefix="part")
    if request.method == "POST" and _save(form, series, _adding(form)):
        messages.success(request, _("The part is announced."))
        return redirect("posts:studio-series", pk=series.pk)
    return show(request, series, part_form=form)


@form_page
@author_required
def change(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    """Change the announcement of a part, or choose its post."""
    user = person_asking(request)
    part = get_part(user, pk, part_pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = PartForm(data, author=user, part=part)
    if request.method == "POST" and _save(form, part.series, _changing(part, form)):
        messages.success(request, _("The part is saved."))
        return redirect("posts:studio-series", pk=pk)
    context = {"form": form, "part": part, "series": part.series}
    return render(request, "posts/studio/part.html", context, status=form.status)


@form_page
@author_required
def move(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    """Move a part up or down by one position; a GET redirects to the series."""
    part = get_part(person_asking(request), pk, part_pk)
    if request.method == "POST":
        step = -1 if request.POST.get("direction") == "up" else 1
        _change(part.series, lambda parts: _moved(parts, part.pk, step))
        messages.success(request, _("“%(title)s” has moved.") % {"title": part.title})
    return redirect(f"{reverse('posts:studio-series', args=[pk])}#part-{part.pk}")


@form_page
@author_required
def remove(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    """Confirm, then remove an announced part from the series; its post stays."""
    part = get_part(person_asking(request), pk, part_pk)
    if request.method != "POST":
        context = {"part": part, "series": part.series, "promises": part.promises.all()}
        return render(request, "posts/studio/part_removal.html", context)
    try:
        _change(part.series, lambda parts: [each for each in parts if each.id != part.pk])
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(
            request, _("“%(title)s” is no longer part of the series.") % {"title": part.title}
        )
    return redirect("posts:studio-series", pk=pk)


def _save(form: PartForm, series: Series, change: Change) -> bool:
    """Apply `change` if `form` is valid; return whether it was saved, with the reason in `form`."""
    return attempt(form, lambda: _change(series, change)) is not None


@retried
def _change(series: Series, change: Change) -> list[Part]:
    """Set the parts of `series` to the result of `change` on the present ones."""
    series = Series.objects.select_for_update().get(pk=series.pk)
    return set_parts(series, change(part_inputs(series)))


def _adding(form: PartForm) -> Change:
    def add_part(parts: list[PartInput]) -> list[PartInput]:
        new = _input_of(form)
        is_present = bool(parts) and replace(parts[-1], id=None) == new
        return parts if is_present else [*parts, new]

    return add_part


def _changing(part: Part, form: PartForm) -> Change:
    def change_part(parts: list[PartInput]) -> list[PartInput]:
        if all(each.id != part.pk for each in parts):
            raise ActionRefused(_("This part has been removed."), status=409)
        new = replace(_input_of(form), id=part.pk)
        return [new if each.id == part.pk else each for each in parts]

    return change_part


def _input_of(form: PartForm) -> PartInput:
    data = form.cleaned_data
    post = data["post"]
    return PartInput(data["title"], data["summary"], post.pk if post else None)


def _moved(parts: list[PartInput], pk: int, step: int) -> list[PartInput]:
    """Return `parts` with the part `pk` moved by `step` positions, unchanged at the ends."""
    ids = [each.id for each in parts]
    if pk not in ids:
        return parts
    before = ids.index(pk)
    after = min(max(before + step, 0), len(parts) - 1)
    moved = [*parts]
    moved.insert(after, moved.pop(before))
    return moved
