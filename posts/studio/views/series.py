"""Serve the pages to create and change a series, with the list of its parts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import author_required, form_page, person_asking

from ...actions import save_series
from ...models import Series
from ..access import get_series
from ..forms import PartForm, SeriesForm, attempt
from ..forms.post import sent_key


@form_page
@author_required
def create(request: HttpRequest) -> HttpResponse:
    """Create a series; the same form sent twice creates one."""
    if request.method != "POST":
        form = SeriesForm(drafts.take(request, request.path), series=None)
        return render(request, "posts/studio/series.html", {"form": form}, status=form.status)
    return _save(request, _find_by_form_key(request))


@form_page
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title, address and descriptions of a series, and list its parts."""
    series = get_series(person_asking(request), pk)
    if request.method == "POST":
        return _save(request, series)
    return show(request, series, SeriesForm(drafts.take(request, request.path), series=series))


def show(
    request: HttpRequest,
    series: Series,
    form: SeriesForm | None = None,
    part_form: PartForm | None = None,
) -> HttpResponse:
    """Return the page of `series` with both forms, and the status of the one that was refused."""
    form = form or SeriesForm(series=series)
    part_form = part_form or PartForm(author=person_asking(request), part=None, prefix="part")
    context = {
        "form": form,
        "part_form": part_form,
        "series": series,
        "parts": series.parts.select_related("post__live_revision", "post__newest_revision"),
    }
    status = part_form.status if part_form.status != 200 else form.status
    return render(request, "posts/studio/series.html", context, status=status)


def _save(request: HttpRequest, series: Series | None) -> HttpResponse:
    form = SeriesForm(request.POST, series=series)
    saved = attempt(
        form, lambda: save_series(series, by=person_asking(request), **form.cleaned_data)
    )
    if saved is not None:
        messages.success(request, _("The series is saved."))
        return redirect("posts:studio-series", pk=saved.pk)
    if series is None:
        return render(request, "posts/studio/series.html", {"form": form}, status=form.status)
    return show(request, series, form)


def _find_by_form_key(request: HttpRequest) -> Series | None:
    """Return the series that the user created by sending the same form before, or None."""
    key = sent_key(request.POST.get("form_key"))
    if key is None:
        return None
    return Series.objects.filter(owner=person_asking(request), form_key=key).first()
