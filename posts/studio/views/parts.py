"""The parts of a series: announcing one, changing it, moving it, taking it back."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import drafts
from accounts.guards import author_required, person_asking
from core.exceptions import ActionRefused

from ...actions import PartPlan, set_parts
from ...models import Part, Series
from ..access import get_part, get_series
from ..forms import PartForm, attempt
from ..part_positions import plans_of
from .series import show

Change = Callable[[list[PartPlan]], list[PartPlan]]


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce a part at the end of the series. The same one sent twice is announced once."""
    user = person_asking(request)
    series = get_series(user, pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = PartForm(data, author=user, part=None, prefix="part")
    if request.method == "POST" and _saved(form, series, _adding(form)):
        messages.success(request, _("The part is announced."))
        return redirect("posts:studio-series", pk=series.pk)
    return show(request, series, part_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def change(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    """Change what is announced, or say which post the part has become."""
    user = person_asking(request)
    part = get_part(user, pk, part_pk)
    data = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = PartForm(data, author=user, part=part)
    if request.method == "POST" and _saved(form, part.series, _with(part, form)):
        messages.success(request, _("The part is saved."))
        return redirect("posts:studio-series", pk=pk)
    context = {"form": form, "part": part, "series": part.series}
    return render(request, "posts/studio/part.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def move(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    """Move a part up or down by one place; a visit leads back to the series."""
    part = get_part(person_asking(request), pk, part_pk)
    if request.method == "POST":
        step = -1 if request.POST.get("direction") == "up" else 1
        _change(part.series, lambda plans: _moved(plans, part.pk, step))
        messages.success(request, _("“%(title)s” has moved.") % {"title": part.title})
    return redirect(f"{reverse('posts:studio-series', args=[pk])}#part-{part.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def remove(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    """Ask, then take an announced part out of the series; its post stays."""
    part = get_part(person_asking(request), pk, part_pk)
    if request.method != "POST":
        context = {"part": part, "series": part.series, "promises": part.promises.all()}
        return render(request, "posts/studio/part_removal.html", context)
    try:
        _change(part.series, lambda plans: [plan for plan in plans if plan.id != part.pk])
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("“%(title)s” is out of the series.") % {"title": part.title})
    return redirect("posts:studio-series", pk=pk)


def _saved(form: PartForm, series: Series, change: Change) -> bool:
    """Return whether a valid `form` could change the parts of `series`; else it says why not."""
    return attempt(form, lambda: _change(series, change)) is not None


@transaction.atomic
def _change(series: Series, change: Change) -> list[Part]:
    """Set the parts of `series` to what `change` makes of the present ones."""
    series = Series.objects.select_for_update().get(pk=series.pk)
    return set_parts(series, change(plans_of(series)))


def _adding(form: PartForm) -> Change:
    def added(plans: list[PartPlan]) -> list[PartPlan]:
        new = _plan(form)
        is_there = bool(plans) and replace(plans[-1], id=None) == new
        return plans if is_there else [*plans, new]

    return added


def _with(part: Part, form: PartForm) -> Change:
    def changed(plans: list[PartPlan]) -> list[PartPlan]:
        new = replace(_plan(form), id=part.pk)
        return [new if plan.id == part.pk else plan for plan in plans]

    return changed


def _plan(form: PartForm) -> PartPlan:
    data = form.cleaned_data
    post = data["post"]
    return PartPlan(data["title"], data["summary"], post.pk if post else None)


def _moved(plans: list[PartPlan], pk: int, step: int) -> list[PartPlan]:
    """Return `plans` with the part `pk` one place further, or as they are at the end."""
    places = [plan.id for plan in plans]
    if pk not in places:
        return plans
    here = places.index(pk)
    there = min(max(here + step, 0), len(plans) - 1)
    moved = [*plans]
    moved.insert(there, moved.pop(here))
    return moved
