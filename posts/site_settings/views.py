"""Serve the page on which an admin edits the site profile, and go back to earlier versions."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import admin_required, form_page, person_asking, post_only
from publication import saving
from publication.models import SiteProfile

from ..studio.forms.base import attempt
from .forms import GoingBackForm, ProfileForm

# Versions that the page lists; all are kept.
LISTED = 8


@form_page
@admin_required
def edit(request: HttpRequest) -> HttpResponse:
    """Show the site profile and save it; 409 with both versions if another was saved meanwhile."""
    newest = saving.newest()
    if request.method != "POST":
        return _show(request, ProfileForm(drafts.take(request, request.path), profile=newest))
    form, by = ProfileForm(request.POST, profile=newest), person_asking(request)
    saved = attempt(
        form,
        lambda: saving.save_profile(form.chosen, based_on=form.cleaned_data["based_on"], by=by),
    )
    if saved is None:
        return _show(request, form)
    messages.success(request, _("Saved. Readers see it within a second."))
    return redirect("posts:site-settings")


@post_only
@admin_required
def go_back(request: HttpRequest) -> HttpResponse:
    """Save the values of an earlier version as the newest version."""
    form = GoingBackForm(request.POST)
    if not form.is_valid():
        raise Http404
    saving.go_back(**form.cleaned_data, by=person_asking(request))
    messages.success(request, _("Everything is as it was before."))
    return redirect("posts:site-settings")


def _show(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    versions = SiteProfile.objects.select_related("created_by").order_by("-number")[: LISTED + 1]
    newest = saving.newest()
    context = {"form": form, "versions": versions[:LISTED], "newest": newest}
    if form.failure == saving.CONFLICT:
        context["differences"] = form.differences(newest)
        form.fill_again("based_on", str(newest.number))
    context["from_environment"] = [
        {"label": ProfileForm.base_fields[field].label, "variable": variable, "value": value}
        for field, (variable, value) in settings.PROFILE_FROM_ENVIRONMENT.items()
    ]
    return render(request, "posts/site_settings/edit.html", context, status=form.status)
