"""Edit the texts of comments. Each edit is one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.models import User
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.markdown.html import PIPELINE_VERSION
from notifications.actions import News, notify_all
from posts.models import Stance

from .. import draft_places
from ..models import Comment, CommentKind, CommentRevision, CommentState
from ..models.moderation import Action, text_hash
from ..notifications import VERDICT_DROPPED
from ..permissions import can_write
from . import premoderation, stances, states, steelmen
from .mentions.telling import tell
from .mentions.text import rendered

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

# Sent within the transaction of an edit, with the comment, which is locked, and the text `before`.
words_changed = Signal()


def edit_comment(
    comment: Comment,
    *,
    by: User,
    body: str,
    stance: Stance | None = None,
    argues_for: Stance | None = None,
    now: datetime | None = None,
) -> Comment:
    """Give `comment` a new text, keeping the old one, and while it is fresh a corrected stance.

    A small edit soon after posting leaves no mark, unless somebody has acted on the words
    (RESPONSES); a flag alone is kept from its writer, so that it changes nothing here.
    Verdicts on the words before are dropped.
    A steelman keeps the stance of its writer, and has the answer it `argues_for` corrected.
    The caller has checked that `by` may do so. Raises `MarkupRefused` and `ActionRefused`.
    """
    now = now or timezone.now()
    body_html = rendered(body)
    return _edit(comment, by, body, body_html, argues_for or stance, now)


@retried
def _edit(
    comment: Comment, by: User, body: str, body_html: str, answer: Stance | None, now: datetime
) -> Comment:
    comment = states.locked(comment)
    _refuse_unless_editable(comment, now)
    drafts.forget(by.pk, draft_places.of_edit(comment))
    answer = answer if comment.is_within_edit_window(now) else None
    if answer is not None and comment.kind == CommentKind.STEELMAN:
        # Before the words, whose change drops the verdicts.
        steelmen.refuse_correction(comment, answer)
    if body != comment.body:
        is_public = _has_public_history(comment, now)
        is_marked = is_public or not _is_small_and_early(comment, body, now)
        before = _keep_text(comment, by, now, is_public=is_public)
        _set_text(comment, body, body_html, edited_at=now if is_marked else comment.edited_at)
        words_changed.send(Comment, comment=comment, before=before)
        if is_marked:
            _hold_again(comment, now)
        tell(comment)
    if answer is not None:
        _correct(comment, answer, now)
    comment.post.bump_page_version()
    return comment


def _refuse_unless_editable(comment: Comment, now: datetime) -> None:
    """Raise `ActionRefused` if something has ended the editing of `comment` since the check."""
    is_there = comment.state in {CommentState.PUBLISHED, CommentState.HELD}
    if comment.is_deleted or not is_there or not can_write(comment.author, now):
        raise ActionRefused(_("This comment can no longer be edited."), status=409)


def _correct(comment: Comment, answer: Stance, now: datetime) -> None:
    """Correct the answer that `comment` is for: its writer's, or the one a steelman argues for."""
    if comment.kind == CommentKind.STEELMAN:
        steelmen.correct_target(comment, answer)
    else:
        stances.correct(comment, answer, now=now)


def _has_public_history(comment: Comment, now: datetime) -> bool:
    """Whether the text of `comment` before an edit stays public; locks its post to know."""
    if comment.is_within_edit_window(now):
        comment.post.lock()
    return leaves_public_history(comment, now)


def _keep_text(comment: Comment, by: User, now: datetime, *, is_public: bool) -> CommentRevision:
    """Store the present text of `comment` as a revision, and drop the verdicts on it."""
    judges = steelmen.drop_verdicts(comment)
    before = comment.revisions.order_by("number").last()
    revision = CommentRevision.objects.create(
        comment=comment,
        number=before.number + 1 if before else 1,
        body=comment.body,
        body_html=comment.body_html,
        markup_version=comment.markup_version,
        written_at=before.replaced_at if before else comment.created_at,
        replaced_at=now,
        replaced_by=by,
        is_public=is_public,
        dropped_verdicts=len(judges),
    )
    asked = (News(judge, subject=revision.pk, target=comment.pk) for judge in judges)
    notify_all(VERDICT_DROPPED, asked, cause=by)
    return revision


def _set_text(comment: Comment, body: str, body_html: str, *, edited_at: datetime | None) -> None:
    comment.body = body
    comment.body_html = body_html
    comment.markup_version = PIPELINE_VERSION
    comment.edited_at = edited_at
    comment.save(update_fields=["body", "body_html", "markup_version", "edited_at"])


def _is_small_and_early(comment: Comment, body: str, now: datetime) -> bool:
    """Whether `body` is a small correction, soon after posting, of the text as it was posted.

    Compared with the text before each edit, many small ones could replace all of it.
    """
    age = (now - comment.created_at).total_seconds()
    if age > limits.EDIT_SILENT_WINDOW:
        return False
    first = comment.revisions.order_by("number").first()
    posted = first.body if first else comment.body
    return changed_characters(posted, body) <= limits.EDIT_SILENT_CHARACTERS


def changed_characters(old: str, new: str) -> int:
    """Return the length of the part between equal beginnings and ends of two texts."""
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    left = shorter - start
    end = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
    return max(len(old), len(new)) - start - end


def _hold_again(comment: Comment, now: datetime) -> None:
    """Hold an edited comment if a new one would be held: approval was for the old text."""
    if comment.state != CommentState.PUBLISHED:
        return
    newcomer = premoderation.is_newcomer(comment.author)
    reason = premoderation.reason_to_hold(
        comment.author, comment.post, comment.body_html, newcomer=newcomer
    )
    if reason:
        states.change_state(comment, to=CommentState.HELD, now=now, held_reason=reason)
        comment.refresh_from_db()


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
