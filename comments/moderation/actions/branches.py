"""Remove and restore all replies below a comment, in batches (`comments.actions.branches`).

Each reply has a log row of its own, a part of the decision about the top. Replies are removed from
the last to the first, so that the rest is always a tree, and restored in the opposite order.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django_tasks import task

from core.db.transactions import retried
from notifications.actions import News, notify_all
from notifications.kinds import NotificationKind

from ...actions import arrivals, states
from ...actions.branches import BATCH, branch_below, to_the_end
from ...locks import lock_thread_and
from ...models import Comment, CommentState
from ...models.moderation import Action, Decision, DecisionQuerySet, Flag
from ...notifications import REMOVED, RESTORED
from .. import sentences
from .. import states as codes
from . import log
from .log import Outcome

_WAITING = (CommentState.HELD, CommentState.HIDDEN)
# The highest value of a 64-bit id.
_MAX_ID = 2**63 - 1


def remove_replies(outcome: Outcome) -> None:
    """Remove the first batch of replies in this transaction, and enqueue a job for the rest."""
    assert outcome.decision is not None
    if _remove_some(outcome.decision):
        finish_removal.enqueue(outcome.decision.pk)


@task()
def finish_removal(pk: int) -> None:
    """Remove the remaining replies of the branch that the decision `pk` removes."""
    removal = Decision.objects.select_related("by").get(pk=pk)
    to_the_end(lambda: _remove_some(removal))


def restore_replies(outcome: Outcome, removal: Decision) -> None:
    """Restore the first batch of what `removal` removed, and enqueue a job for the rest."""
    assert outcome.decision is not None
    if _restore_some(outcome.decision, _parts_in_force(removal, _MAX_ID)):
        finish_restoration.enqueue(outcome.decision.pk, removal.pk)


@task()
def finish_restoration(pk: int, removal_pk: int) -> None:
    """Restore the rest of what the decision `removal_pk` removed, as parts of decision `pk`."""
    restoration = Decision.objects.select_related("by").get(pk=pk)
    removal = Decision.objects.get(pk=removal_pk)
    last = _MAX_ID

    def restore_batch() -> bool:
        nonlocal last
        parts = _parts_in_force(removal, last)
        last = parts[-1] if parts else last
        return _restore_some(restoration, parts)

    to_the_end(restore_batch)


def _remove_some(removal: Decision) -> bool:
    """Remove the next batch of replies, the last first; return whether there may be more."""
    assert removal.comment_id is not None
    branch = branch_below(Comment.objects.get(pk=removal.comment_id))
    ids = branch.filter(is_shown=True).order_by("-path").values_list("pk", flat=True)[:BATCH]
    # Held and hidden replies are not shown and have no shown replies: they come last.
    waiting = branch.filter(state__in=_WAITING, deleted_at__isnull=True)
    found = list(ids) or list(waiting.values_list("pk", flat=True)[:BATCH])
    return bool(found) and _remove(removal, found)


@retried
def _remove(removal: Decision, ids: list[int]) -> bool:
    """Remove the comments `ids`; return False if `removal` is overruled."""
    top = _locked_top(removal)
    if top is None:
        return False
    rows = Comment.objects.filter(pk__in=ids).exclude(state=CommentState.REMOVED)
    removed = list(rows.filter(deleted_at__isnull=True).order_by("-path"))
    _log_parts(removal, Action.REMOVE, removed, lambda row: (row.state, CommentState.REMOVED))
    Comment.objects.filter(pk__in=[row.pk for row in removed]).update(
        state=CommentState.REMOVED, removed_reason=removal.reason
    )
    parts = Decision.objects.filter(part_of=removal, comment=OuterRef("comment"))
    flags = Flag.objects.open().filter(comment__in=[row.pk for row in removed])
    flags.update(decision=Subquery(parts.values("pk")[:1]))
    _update_figures(top, ids, -sum(row.is_readable for row in removed))
    return True


def _parts_in_force(removal: Decision, last: int) -> list[int]:
    """Return the ids of the next parts of `removal`, below `last`, that are still in force."""
    parts = _removals_in_force().filter(part_of=removal, pk__lt=last)
    return list(parts.values_list("pk", flat=True)[:BATCH])


@retried
def _restore_some(restoration: Decision, part_ids: list[int]) -> bool:
    """Restore the comments removed by the parts `part_ids`; return whether there may be more."""
    top = _locked_top(restoration)
    if top is None or not part_ids:
        return False
    back: list[Comment] = []
    parts = list(_removals_in_force().filter(pk__in=part_ids).select_related("comment"))
    for part in parts:
        assert part.comment is not None
        part.comment.state = codes.before_removal(part.comment, part)
        back.append(part.comment)
    _store_states(back)
    log.reopen_flags(part.pk for part in parts)
    _log_parts(restoration, Action.RESTORE, back, lambda row: (CommentState.REMOVED, row.state))
    readable = [row.pk for row in back if row.is_readable]
    _update_figures(top, [row.pk for row in back], len(readable))
    arrivals.mark(readable, top.post)
    return len(part_ids) == BATCH


def _store_states(rows: list[Comment]) -> None:
    """Store the states of `rows`, which are removed no more; they keep why they were held."""
    for state in {row.state for row in rows}:
        alike = Comment.objects.filter(pk__in=[row.pk for row in rows if row.state == state])
        if state == CommentState.HELD:
            alike.filter(held_reason="").update(held_reason=sentences.HELD_REVIEW)
        alike.update(state=state, removed_reason="")


def _removals_in_force() -> DecisionQuerySet:
    """Return the newest decision about each comment that is removed, the newest first."""
    later = Decision.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    removed = Decision.objects.filter(~Exists(later), comment__state=CommentState.REMOVED)
    return removed.order_by("-pk")


def _locked_top(decision: Decision) -> Comment | None:
    """Return the top of the branch, its thread locked; None if `decision` is overruled."""
    assert decision.comment_id is not None
    top = Comment.objects.select_related("post").get(pk=decision.comment_id)
    lock_thread_and(top)
    return top if log.latest(comment=top) == decision else None


def _log_parts(
    whole: Decision,
    action: Action,
    rows: list[Comment],
    states_of: Callable[[Comment], tuple[str, str]],
) -> None:
    """Add a log row for each of `rows`; `states_of` returns its states before and after."""
    now = timezone.now()
    parts = []
    for row in rows:
        before, after = states_of(row)
        parts.append(
            Decision(
                action=action,
                by=whole.by,
                comment=row,
                reason=whole.reason,
                state_before=before,
                state_after=after,
                body_sha256=log.body_hash(row),
                part_of=whole,
                decided_at=now,
            )
        )
    _notify_writers(whole, Decision.objects.bulk_create(parts))


# What the writer of a reply is notified of, by the action of its part of the decision.
_KINDS: dict[str, NotificationKind] = {Action.REMOVE: REMOVED, Action.RESTORE: RESTORED}


def _notify_writers(whole: Decision, parts: list[Decision]) -> None:
    """Notify the writers of the replies that the `parts` of a decision are about."""
    for action, kind in _KINDS.items():
        news = (
            News(part.comment.author_id, subject=part.pk, target=part.comment.pk)
            for part in parts
            if part.comment is not None and part.action == action
        )
        notify_all(kind, news, cause=whole.by)


def _update_figures(top: Comment, ids: list[int], change: int) -> None:
    """Update derived figures after `ids` changed state; `change` more of them are readable."""
    states.add(top.thread_id, thread_size=change)
    states.recompute_visibility(ids)
    top.post.bump_page_version(comments=change)
