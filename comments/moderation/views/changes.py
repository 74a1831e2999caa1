"""Views that remove and restore changes of mind."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.guards import form_page, moderator_required, person_asking, post_only
from core.exceptions import ActionRefused
from core.numbers import number

from ...access import get_change
from ...models import ChangeOfMind
from .. import actions, permissions
from ..actions import Outcome
from ..forms import ReasonForm


@form_page
@moderator_required
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then remove a change of mind; for a removed one, offer to restore it."""
    change = _to_decide(request, pk)
    if request.method != "POST":
        return _show(request, change, ReasonForm())
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, change, form, status=422)
    try:
        outcome = actions.remove_change(change, by=person_asking(request), **form.cleaned_data)
    except ActionRefused as refused:
        return _show(request, change, form, refused.message, refused.status)
    return _done(request, change, outcome, _("Removed. Its writer will read why."))


@post_only
@moderator_required
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore a change of mind."""
    change = _to_decide(request, pk)
    try:
        seen = number(request.POST.get("seen", ""))
        outcome = actions.restore_change(change, by=person_asking(request), seen=seen)
    except ActionRefused as refused:
        return _show(request, change, ReasonForm(), refused.message, refused.status)
    return _done(request, change, outcome, _("Restored."))


def _to_decide(request: HttpRequest, pk: int) -> ChangeOfMind:
    """Return the change of mind; 404 if it is invisible, 403 if the user may not decide."""
    change = get_change(request.user, pk)
    if not permissions.can_judge_change(request.user, change):
        raise PermissionDenied(
            _("This change of mind is yours or names you. Another moderator has to decide.")
        )
    return change


def _show(
    request: HttpRequest,
    change: ChangeOfMind,
    form: ReasonForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    history = change.decisions.select_related("by", "note").order_by("-id")
    context = {
        "change": change,
        "post": change.post,
        "form": form,
        "refusal": refusal,
        "seen": history[0].pk if history else "",
        "history": history,
    }
    return render(request, "moderation/change.html", context, status=status)


def _done(
    request: HttpRequest, change: ChangeOfMind, outcome: Outcome, done: object
) -> HttpResponse:
    """Confirm with the message `done`, and return to the list with the change of mind."""
    messages.success(request, str(done if outcome.is_new else _("That was done already.")))
    return redirect(change)
