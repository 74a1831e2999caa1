"""Moderators' decisions about comments.

Every decision takes three steps under lock. If it is in force already, it succeeds and writes
nothing. If the text or the last decision changed since the moderator loaded the page (`seen`), it
is refused with the other decision. Only then does it change anything.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from posts.models import Stance

from ...actions import stances, states
from ...models import Comment, CommentState
from ...models.moderation import Action, Flag
from ...notifications import APPROVED, HELD_AGAIN, REMOVED, RESTORED, RETAGGED
from .. import permissions, sentences
from .. import states as codes
from . import branches, log
from .log import Outcome, seen_token

__all__ = ["Outcome", "approve", "dismiss", "remove", "reopen", "restore", "retag", "seen_token"]


@retried
def approve(comment: Comment, *, by: User, seen: str = "", now: datetime | None = None) -> Outcome:
    """Publish a held or hidden comment and close its flags. Raises `ActionRefused` (409)."""
    now = now or timezone.now()
    comment = _locked(comment, by)
    if comment.state == CommentState.PUBLISHED:
        return Outcome(log.latest(comment=comment), is_new=False)
    if comment.state == CommentState.REMOVED:
        raise log.conflict(log.latest(comment=comment), now)
    log.refuse_if_stale(comment, seen, now)
    waited = comment.state == CommentState.HELD
    outcome = _change_state(comment, CommentState.PUBLISHED, Action.APPROVE, by=by, now=now)
    # What flags have hidden is shown again without a word: its writer never learned of them.
    if waited:
        log.notify_writer(APPROVED, outcome.decision, comment)
    return outcome


@retried
def remove(
    comment: Comment,
    *,
    by: User,
    reason: str,
    note: str = "",
    seen: str = "",
    with_replies: bool = False,
    now: datetime | None = None,
) -> Outcome:
    """Remove a comment with a reason and close its flags; `with_replies`, all replies below too.

    A job removes the rest of a large branch within seconds. Raises `ActionRefused` (409).
    """
    now = now or timezone.now()
    action = Action.REMOVE_BRANCH if with_replies else Action.REMOVE
    comment = _locked(comment, by)
    if comment.state == CommentState.REMOVED:
        first = log.latest(comment=comment)
        if first is not None and (first.by_id, first.action) == (by.pk, action):
            return Outcome(first, is_new=False)
        raise log.conflict(first, now)
    log.refuse_if_stale(comment, seen, now)
    if with_replies:
        log.refuse_if_moving(comment)
    outcome = _change_state(
        comment, CommentState.REMOVED, action, by=by, now=now, reason=reason, note=note
    )
    log.notify_writer(REMOVED, outcome.decision, comment)
    if with_replies:
        branches.remove_replies(outcome)
    return outcome


@retried
def restore(comment: Comment, *, by: User, seen: str = "", now: datetime | None = None) -> Outcome:
    """Restore a removed comment as it was before: its state, and the flags that were open.

    Replies that were removed together with it are restored too. For an undo, `seen` is the id of
    the removal. Raises `ActionRefused` (409).
    """
    now = now or timezone.now()
    comment = _locked(comment, by)
    if comment.state != CommentState.REMOVED:
        return Outcome(log.latest(comment=comment), is_new=False)
    removal = log.latest(comment=comment, action__in=[Action.REMOVE, Action.REMOVE_BRANCH])
    log.refuse_if_stale(comment, seen, now, removal)
    removed = comment.state
    comment = _set_state(comment, codes.before_removal(comment, removal), now)
    decision = log.write(
        Action.RESTORE,
        by=by,
        now=now,
        comment=comment,
        state_before=removed,
        state_after=comment.state,
    )
    outcome = Outcome(decision, is_new=True)
    if removal is not None:
        log.reopen_flags([removal.pk])
    log.notify_writer(RESTORED, outcome.decision, comment)
    if removal is not None and removal.action == Action.REMOVE_BRANCH:
        branches.restore_replies(outcome, removal)
    return outcome


@retried
def dismiss(comment: Comment, *, by: User, seen: str = "", now: datetime | None = None) -> Outcome:
    """Close the flags of a comment without changing it. Raises `ActionRefused` (409)."""
    now = now or timezone.now()
    comment = _locked(comment, by)
    if not Flag.objects.open().filter(comment=comment).exists():
        return Outcome(log.latest(comment=comment), is_new=False)
    log.refuse_if_stale(comment, seen, now)
    return _log(comment, Action.DISMISS, by=by, now=now, before=codes.FLAGGED)


@retried
def reopen(comment: Comment, *, by: User, seen: str = "", now: datetime | None = None) -> Outcome:
    """Undo the last approval or dismissal, so that the comment waits for a decision again.

    `seen` is its id. Raises `ActionRefused` (409) if something else has been decided since.
    """
    now = now or timezone.now()
    comment = _locked(comment, by)
    last = log.latest(comment=comment)
    if last is not None and last.action == Action.REOPEN:
        return Outcome(last, is_new=False)
    if last is None or last.action not in {Action.APPROVE, Action.DISMISS}:
        raise log.conflict(last, now)
    log.refuse_if_stale(comment, seen, now, last)
    before = comment.state
    if last.action == Action.APPROVE and before == CommentState.PUBLISHED:
        was_hidden = last.state_before == CommentState.HIDDEN
        comment = _set_state(comment, CommentState.HIDDEN if was_hidden else CommentState.HELD, now)
    decision = log.write(
        Action.REOPEN,
        by=by,
        now=now,
        comment=comment,
        state_before=before,
        state_after=codes.FLAGGED if comment.state == before else comment.state,
    )
    if comment.state == CommentState.HELD:
        log.notify_writer(HELD_AGAIN, decision, comment)
    log.reopen_flags([last.pk])
    return Outcome(decision, is_new=True)


@retried
def retag(
    comment: Comment, *, by: User, stance: Stance, seen: str = "", now: datetime | None = None
) -> Outcome:
    """Change the answer of a comment that was filed wrongly, or undo that.

    For an undo, `seen` is the id of the decision to re-tag. Raises `ActionRefused` (409).
    """
    now = now or timezone.now()
    comment = _locked(comment, by)
    if comment.stance is None or comment.stance_id == stance.pk:
        return Outcome(log.latest(comment=comment), is_new=False)
    if stance.pk == comment.argues_for_id:
        raise ActionRefused(
            _(
                "It argues for that answer already, as the best reason for an answer that is not "
                "its writer’s."
            ),
            status=409,
        )
    log.refuse_if_stale(comment, seen, now, log.latest(comment=comment, action=Action.RETAG))
    before = comment.stance.key
    stances.retag(comment, stance, now=now)
    decision = log.write(
        Action.RETAG, by=by, now=now, comment=comment, state_before=before, state_after=stance.key
    )
    log.notify_writer(RETAGGED, decision, comment)
    comment.post.bump_page_version()
    return Outcome(decision, is_new=True)


def _locked(comment: Comment, by: User) -> Comment:
    """Return `comment`, reloaded and locked.

    Raises `ActionRefused`: 409 if it was deleted, 403 if `by` may not decide about it any more.
    """
    comment = states.locked(comment)
    log.refuse_if_deleted(comment)
    log.refuse_unless(permissions.can_judge, by, comment)
    return comment


def _change_state(
    comment: Comment,
    to: CommentState,
    action: Action,
    *,
    by: User,
    now: datetime,
    reason: str = "",
    note: str = "",
) -> Outcome:
    """Change the state of `comment`, write the log row and close the flags."""
    before = comment.state
    comment = _set_state(comment, to, now, reason)
    return _log(comment, action, by=by, now=now, before=before, reason=reason, note=note)


def _set_state(
    comment: Comment, to: CommentState, now: datetime, removed_reason: str = ""
) -> Comment:
    """Change the state of `comment`; one that is held again is so for the reason it was before."""
    why = comment.held_reason or sentences.HELD_REVIEW
    return states.change_state(
        comment,
        to=to,
        now=now,
        held_reason=why if to == CommentState.HELD else "",
        removed_reason=removed_reason,
    )


def _log(
    comment: Comment,
    action: Action,
    *,
    by: User,
    now: datetime,
    before: str,
    reason: str = "",
    note: str = "",
) -> Outcome:
    """Write the log row of a decision and close the flags that it answers."""
    decision = log.write(
        action,
        by=by,
        now=now,
        comment=comment,
        note=note,
        reason=reason,
        state_before=before,
        state_after=comment.state,
    )
    log.close_flags(decision)
    return Outcome(decision, is_new=True)
