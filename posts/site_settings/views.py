"""Serve the page on which an admin edits the site profile, and go back to earlier versions."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import drafts
from accounts.guards import admin_required, form_page, person_asking, post_only
from core.htmx import is_fragment
from publication import look, saving
from publication.models import SiteProfile

from ..studio.forms.base import attempt
from .forms import GoingBackForm, ProfileForm
from .preview import Preview, profile_in, profile_of

# Versions that the page lists; all are kept.
LISTED = 8


@form_page
@admin_required
def edit(request: HttpRequest) -> HttpResponse:
    """Show the site profile and save it; 409 with both versions if another was saved meanwhile."""
    newest = saving.newest()
    if request.method != "POST":
        return _show(request, ProfileForm(drafts.take(request, request.path), profile=newest))
    by = person_asking(request)
    form = ProfileForm(request.POST, request.FILES, profile=newest, by=by)
    saved = attempt(
        form,
        lambda: saving.save_profile(form.chosen, based_on=form.cleaned_data["based_on"], by=by),
    )
    if saved is None:
        return _show(request, form)
    messages.success(request, _("Saved. Readers see it within a second."))
    return redirect("posts:site-settings")


@form_page
@admin_required
def preview(request: HttpRequest) -> HttpResponse:
    """Show the values of the form as readers would see them, and save nothing.

    htmx gets the preview alone, and the fields of pictures if one was sent, which so is not sent
    again; every other request gets the page of the settings around it.
    """
    if request.method != "POST":
        return redirect("posts:site-settings")
    by = person_asking(request)
    form = ProfileForm(request.POST, request.FILES, profile=saving.newest(), by=by)
    shown = Preview(profile_of(form))
    if is_fragment(request):
        return render(
            request, "posts/site_settings/_preview_part.html", {"preview": shown, "form": form}
        )
    return _show(request, form, shown, status=200)


@require_safe
@admin_required
def preview_look(request: HttpRequest, values: str) -> HttpResponse:
    """Return the style sheet of a preview, by day and by night; 404 for a forged address."""
    profile = profile_in(values)
    if profile is None:
        raise Http404
    return HttpResponse(look.both_schemes(profile), content_type="text/css")


@post_only
@admin_required
def go_back(request: HttpRequest) -> HttpResponse:
    """Save the values of an earlier version as the newest version."""
    form = GoingBackForm(request.POST)
    if not form.is_valid():
        raise Http404
    saving.go_back(**form.cleaned_data, by=person_asking(request))
    messages.success(request, _("Undone. Everything is as it was before."))
    return redirect("posts:site-settings")


def _show(
    request: HttpRequest, form: ProfileForm, preview: Preview | None = None, status: int = 0
) -> HttpResponse:
    """Return the page with `form`, and the `preview` of its values or of what is saved."""
    versions = SiteProfile.objects.select_related("created_by").order_by("-number")
    newest = saving.newest()
    context: dict[str, Any] = {"form": form, "versions": versions[:LISTED], "newest": newest}
    context["preview"] = preview or Preview(profile_of(form))
    context["is_previewed"] = preview is not None
    if form.failure == saving.CONFLICT:
        context["differences"] = form.differences(newest)
        form.fill_again("based_on", str(newest.number))
    context["from_environment"] = [
        {"label": ProfileForm.base_fields[field].label, "variable": variable, "value": value}
        for field, (variable, value) in settings.PROFILE_FROM_ENVIRONMENT.items()
    ]
    return render(request, "posts/site_settings/edit.html", context, status=status or form.status)
