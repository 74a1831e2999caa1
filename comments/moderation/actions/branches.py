"""Remove and restore all replies to a comment, in batches (`comments.actions.branches`).

Each reply has a row of its own in the log, as a part of the decision about the top. The last reply
goes first, so that what is left is always a tree; it comes back the other way round.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django_tasks import task

from core.db.transactions import retried

from ...actions import arrivals, states
from ...actions.branches import BATCH, beneath, to_the_end
from ...locks import lock_thread_and
from ...models import Comment, CommentState
from ...models.moderation import Action, Decision, DecisionQuerySet, Flag
from .. import words
from . import log
from .log import Outcome

_WAITING = (CommentState.HELD, CommentState.HIDDEN)
# The last id there can be.
_END = 2**63 - 1


def remove_replies(outcome: Outcome) -> None:
    """Remove the first replies within this transaction, and let a job do the rest."""
    assert outcome.decision is not None
    if _remove_some(outcome.decision):
        finish_removal.enqueue(outcome.decision.pk)


@task()
def finish_removal(pk: int) -> None:
    """Remove the replies that are left of a branch that the decision `pk` removes."""
    removal = Decision.objects.select_related("by").get(pk=pk)
    to_the_end(lambda: _remove_some(removal))


def restore_replies(outcome: Outcome, removal: Decision) -> None:
    """Put back the first replies that `removal` took, and let a job do the rest."""
    assert outcome.decision is not None
    if _restore_some(outcome.decision, _taken(removal, _END)):
        finish_restoration.enqueue(outcome.decision.pk, removal.pk)


@task()
def finish_restoration(pk: int, removal_pk: int) -> None:
    """Put back the rest of what the decision `removal_pk` took, as the decision `pk` says."""
    restoration = Decision.objects.select_related("by").get(pk=pk)
    removal = Decision.objects.get(pk=removal_pk)
    last = _END

    def some() -> bool:
        nonlocal last
        parts = _taken(removal, last)
        last = parts[-1] if parts else last
        return _restore_some(restoration, parts)

    to_the_end(some)


def _remove_some(removal: Decision) -> bool:
    """Remove the next replies, the last first; return whether there may be more."""
    assert removal.comment_id is not None
    branch = beneath(Comment.objects.get(pk=removal.comment_id))
    ids = branch.filter(is_shown=True).order_by("-path").values_list("pk", flat=True)[:BATCH]
    # What waits is not shown, and has no replies: it can wait to the end.
    waiting = branch.filter(state__in=_WAITING, deleted_at__isnull=True)
    found = list(ids) or list(waiting.values_list("pk", flat=True)[:BATCH])
    return bool(found) and _remove(removal, found)


@retried
def _remove(removal: Decision, ids: list[int]) -> bool:
    top = _locked_top(removal)
    if top is None:
        return False
    rows = Comment.objects.filter(pk__in=ids).exclude(state=CommentState.REMOVED)
    gone = list(rows.filter(deleted_at__isnull=True).order_by("-path"))
    _log_parts(removal, Action.REMOVE, gone, lambda row: (row.state, CommentState.REMOVED))
    Comment.objects.filter(pk__in=[row.pk for row in gone]).update(
        state=CommentState.REMOVED, held_reason="", removed_reason=removal.reason
    )
    parts = Decision.objects.filter(part_of=removal, comment=OuterRef("comment"))
    flags = Flag.objects.open().filter(comment__in=[row.pk for row in gone])
    flags.update(decision=Subquery(parts.values("pk")[:1]))
    _follow(top, ids, -sum(row.is_readable for row in gone))
    return True


def _taken(removal: Decision, last: int) -> list[int]:
    """Return the next parts of `removal` before `last` whose comments are still gone by them."""
    parts = _last_words().filter(part_of=removal, pk__lt=last)
    return list(parts.values_list("pk", flat=True)[:BATCH])


@retried
def _restore_some(restoration: Decision, part_ids: list[int]) -> bool:
    """Put back what `part_ids` took; return whether there may be more."""
    top = _locked_top(restoration)
    if top is None or not part_ids:
        return False
    back: list[Comment] = []
    for part in _last_words().filter(pk__in=part_ids).select_related("comment"):
        assert part.comment is not None
        was_held = part.state_before == CommentState.HELD
        part.comment.state = CommentState.HELD if was_held else CommentState.PUBLISHED
        back.append(part.comment)
    held = [row.pk for row in back if row.state == CommentState.HELD]
    public = [row.pk for row in back if row.state == CommentState.PUBLISHED]
    rows = Comment.objects.filter(pk__in=held)
    rows.update(state=CommentState.HELD, held_reason=words.HELD_REVIEW, removed_reason="")
    rows = Comment.objects.filter(pk__in=public)
    rows.update(state=CommentState.PUBLISHED, removed_reason="")
    _log_parts(restoration, Action.RESTORE, back, lambda row: (CommentState.REMOVED, row.state))
    standing = [row.pk for row in back if row.is_readable]
    _follow(top, [row.pk for row in back], len(standing))
    arrivals.mark(standing, top.post)
    return len(part_ids) == BATCH


def _last_words() -> DecisionQuerySet:
    """Return the decisions by which comments are removed at present, the newest first."""
    later = Decision.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    removed = Decision.objects.filter(~Exists(later), comment__state=CommentState.REMOVED)
    return removed.order_by("-pk")


def _locked_top(decision: Decision) -> Comment | None:
    """Return the top of the branch with its thread locked; None if `decision` is overruled."""
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
    """Add a row to the log for each of `rows`; `states_of` returns its states before and after."""
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
    Decision.objects.bulk_create(parts)


def _follow(top: Comment, ids: list[int], change: int) -> None:
    """Bring the figures in line after `change` more comments of `ids` stand."""
    states.add(top.thread_id, thread_size=change)
    states.recompute_visibility(ids)
    top.post.bump_page_version(comments=change)
