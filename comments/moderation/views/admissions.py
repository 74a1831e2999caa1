"""Serve the accounts that wait for approval, and the decisions about them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.guards import moderator_required, person_asking, post_only
from accounts.models import Admission, User
from core.exceptions import ActionRefused

from .. import actions
from ..forms import AdmissionForm

# Accounts that the page lists: the oldest that wait, and the newest that were declined.
LISTED = 25


@require_safe
@moderator_required
def requests(request: HttpRequest) -> HttpResponse:
    """List the accounts that wait for approval, and those that were declined."""
    return _show(request)


@post_only
@moderator_required
def admission(request: HttpRequest, handle: str) -> HttpResponse:
    """Approve or decline an account."""
    person = get_object_or_404(User.objects.by_handle(handle))
    form = AdmissionForm(request.POST)
    if not form.is_valid():
        return _show(request, person, form, status=422)
    decide = actions.approve_account if form.approves else actions.decline_account
    try:
        outcome = decide(person, by=person_asking(request), note=form.cleaned_data["note"])
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        return _show(request, person, form, status=refused.status)
    done = _("Approved. They can write now.") if form.approves else _("Declined. They read why.")
    messages.success(request, done if outcome.is_new else _("That was done already."))
    return redirect("comments:requests")


def _show(
    request: HttpRequest,
    person: User | None = None,
    refused: AdmissionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page; the `refused` form about `person` stands in their row."""
    found = User.objects.public().order_by("pk")
    waiting = list(found.filter(admission=Admission.WAITING)[: LISTED + 1])
    declined = list(found.filter(admission=Admission.DECLINED).reverse()[:LISTED])
    shown = waiting[:LISTED] + declined
    context: dict[str, Any] = {
        "rows": [_row(each, person, refused) for each in waiting[:LISTED]],
        "declined": [_row(each, person, refused) for each in declined],
        "has_more": len(waiting) > LISTED,
        # A refused form whose row is gone, since somebody has decided.
        "notice": refused.non_field_errors() if refused and person not in shown else "",
    }
    return render(request, "moderation/requests.html", context, status=status)


def _row(each: User, person: User | None, refused: AdmissionForm | None) -> dict[str, Any]:
    """Return a person with the part of the address that moderators see, and the form about them."""
    form = refused if refused is not None and each == person else None
    return {
        "person": each,
        "domain": (each.email or "").rpartition("@")[2],
        "form": form or AdmissionForm(auto_id=f"request-{each.pk}-%s"),
    }
