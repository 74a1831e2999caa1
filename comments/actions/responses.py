"""Whether others have acted on the words of a comment, which ends silent edits."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ..models import Comment, CommentState
from ..models.moderation import Action, text_hash

# Decisions that nobody learns of, because they answer flags: a mark would tell the writer of them.
_SECRET_DECISIONS = (Action.DISMISS, Action.REOPEN)

# The rows that count, by the relation of the comment. Flags are no responses: an edit after a flag
# alone looks silent, so that nobody learns of the flag. The case shows what was flagged.
RESPONSES: Mapping[str, Callable[[Comment], "QuerySet[Any]"]] = {
    "replies": lambda comment: comment.replies.filter(deleted_at__isnull=True).exclude(
        author=comment.author_id
    ),
    "reactions": lambda comment: comment.reactions.all(),
    "changes_of_mind": lambda comment: comment.changes_of_mind.filter(revoked_at__isnull=True),
    "steelman_verdicts": lambda comment: comment.steelman_verdicts.all(),
    "citations": lambda comment: comment.citations.all(),
    "decisions": lambda comment: comment.decisions.exclude(action__in=_SECRET_DECISIONS),
}


def leaves_public_history(comment: Comment, now: datetime | None = None) -> bool:
    """Return whether an edit leaves the present text in public.

    A text that was held, so that nobody else has read it, stays private once it is replaced.
    """
    if not (comment.is_readable or _was_approved(comment)):
        return False
    return not comment.is_within_edit_window(now) or has_responses(comment)


def _was_approved(comment: Comment) -> bool:
    """Return whether readers could read the present text until its approval was undone."""
    undone = comment.decisions.filter(action=Action.REOPEN, state_before=CommentState.PUBLISHED)
    last = undone.order_by("-id").first()
    return last is not None and last.body_sha256 == text_hash(comment.body)


def has_responses(comment: Comment) -> bool:
    """Return whether anybody has replied to `comment`, judged it, credited it or cited it.

    Before an edit, call it with the comment and its post locked: closings are written under the
    lock of the post, all other responses under that of the comment or its thread.
    """
    return any(rows(comment).order_by().exists() for rows in RESPONSES.values())
