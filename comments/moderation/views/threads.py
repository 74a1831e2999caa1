"""Views that lock, unlock and detach threads."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.guards import form_page, person_asking, post_only, writer_required

from ...access import get_comment_for
from ...models import Comment
from ...models.moderation import Action, Decision
from .. import actions, permissions
from ..actions import log
from ..forms import EndForm, LockForm, ReasonForm
from .decisions import carry_out

_LOCKS = [Action.LOCK, Action.UNLOCK]
# Ids of the fields that end a lock: the page can have a form that locks, too.
_END_ID = "end-%s"


@form_page
@writer_required
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whether a thread is open or locked, and lock it with a reason."""
    comment = _to_lock(request, pk)
    if request.method != "POST":
        return _show(request, comment)
    return _decide(request, comment, LockForm(request.POST), actions.lock)


@post_only
@writer_required
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Unlock a thread with a reason."""
    form = EndForm(request.POST, auto_id=_END_ID)
    return _decide(request, _to_lock(request, pk), form, actions.unlock)


@post_only
@writer_required
def detachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a reply and all replies below it a thread of its own."""
    refusal = _("Only moderators and the authors of the article move its threads.")
    comment = get_comment_for(request.user, pk, permissions.can_lock, refusal)
    return carry_out(request, comment, lambda: actions.detach(comment, by=person_asking(request)))


def _to_lock(request: HttpRequest, pk: int) -> Comment:
    """Return the comment; 404 if it is invisible, 403 if the user may not lock its thread."""
    refusal = _("Only moderators and the authors of the article lock its threads.")
    return get_comment_for(request.user, pk, permissions.can_lock, refusal)


def _decide(request: HttpRequest, comment: Comment, form: ReasonForm, action: Any) -> HttpResponse:
    """Carry out `action` with the reason in `form`, or show what is missing."""
    if not form.is_valid():
        return _show(request, comment, form, status=422)
    here = reverse("comments:lock", args=[comment.pk])
    by = person_asking(request)
    return carry_out(request, comment, lambda: action(comment, by=by, **form.cleaned_data), here)


def _show(
    request: HttpRequest, comment: Comment, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the state of the thread, and the form for what the user can do from it."""
    locked = comment.thread.locked_at is not None
    kind = EndForm if locked else LockForm
    history = Decision.objects.filter(comment=comment.thread_id, action__in=_LOCKS)
    history = history.select_related("by", "note", "sentence_to_readers").order_by("-id")
    seen = {"seen": history[0].pk} if history else {}
    blank: ReasonForm = EndForm(initial=seen, auto_id=_END_ID) if locked else LockForm()
    in_force = log.lock_in_force(comment.thread) if locked else None
    over = None
    if locked and permissions.can_overrule(request.user, in_force, comment.post):
        over = form if isinstance(form, LockForm) else LockForm()
    context = {
        "comment": comment,
        "post": comment.post,
        "is_locked": locked,
        "may_end": not locked or permissions.can_end(request.user, in_force, comment.post),
        # A form for what somebody else has done meanwhile is of no use.
        "form": form if isinstance(form, kind) else blank,
        "over": over,
        "url": reverse(f"comments:{'unlock' if locked else 'lock'}", args=[comment.pk]),
        "history": history,
    }
    return render(request, "moderation/thread.html", context, status=status)
