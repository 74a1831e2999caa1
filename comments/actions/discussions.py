"""Close a whole discussion and open it again; refuse comments where none can be taken.

None can be in a closed discussion, nor replies in a locked thread or to what is gone. A comment
takes the lock of its post last, when it is counted. So whether the discussion is still open is
asked there, in the same statement, and a comment that waited for its closing is refused.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.exceptions import ActionRefused, Link
from core.timestamps import moment_of
from posts.models import Post

from ..models import Comment, CommentState
from ..models.moderation import (
    Action,
    Decision,
    DecisionNote,
    DiscussionReason,
    SentenceToReaders,
    ThreadReason,
)
from ..tree import paths

# Codes of the log for the state of a discussion; their words are in `comments.moderation.states`.
_OPEN, _CLOSED = "open", "closed"


class DiscussionClosed(ActionRefused):
    """A comment was refused (403), because the discussion is closed."""

    def __init__(self, post: Post) -> None:
        super().__init__(f"{why_closed(post)} {_('Your words are kept below.')}", status=403)


def why_closed(post: Post) -> str:
    """Return since when and why the discussion of `post` is closed; "" if it is open."""
    if post.closed_at is None:
        return ""
    said = {
        "when": moment_of(post.closed_at),
        "reason": reason_of(post),
        "sentence": sentence_of(post),
    }
    if said["sentence"]:
        return (
            _(
                "This discussion has been closed to new comments since %(when)s. The reason: "
                "“%(sentence)s”"
            )
            % said
        )
    if not said["reason"]:
        return _("This discussion has been closed to new comments since %(when)s.") % said
    return (
        _("This discussion has been closed to new comments since %(when)s, because it %(reason)s.")
        % said
    )


def reason_of(post: Post) -> str:
    """Return why the discussion of `post` is closed, as a clause after "it".

    It is "" for an open one, and where the reason says nothing.
    """
    code = post.closed_reason
    if code not in DiscussionReason or code == DiscussionReason.OTHER_THREAD:
        return ""
    return str(DiscussionReason(code).label)


def sentence_of(post: Post) -> str:
    """Return why the discussion of `post` is closed, as the person who closed it tells readers.

    It is "" for an open one, and where a reason of the list says it. Takes a query otherwise.
    """
    if post.closed_reason != DiscussionReason.OTHER_THREAD:
        return ""
    closings = Decision.objects.filter(post=post, action=Action.CLOSE).order_by("-pk")
    return closings.values_list("sentence_to_readers__text", flat=True).first() or ""


def refuse_if_closed(post: Post) -> None:
    """Raise `DiscussionClosed` if the discussion of `post` was closed when that was read."""
    if post.closed_at is not None:
        raise DiscussionClosed(post)


def refuse_if_closed_since(post: Post) -> None:
    """Raise `DiscussionClosed` if the discussion of `post` is closed by now; locks the post."""
    if not post.lock_if_open():
        raise _closed_since(post)


def add_comment(post: Post, number: int = 1) -> None:
    """Count new comments under `post`, and raise its page version.

    Raises `DiscussionClosed` if the discussion is closed by now.
    """
    if not post.add_comments(number):
        raise _closed_since(post)


def refuse_reply(parent: Comment, *, exempt: bool) -> None:
    """Raise `ActionRefused` if no reply to `parent` can be taken.

    `parent` and its thread have to be read under their locks.
    """
    if parent.is_deleted or parent.state != CommentState.PUBLISHED:
        raise ActionRefused(
            _(
                "The comment you are replying to is no longer there. Your words are kept "
                "below: you can post them as a thread of their own."
            ),
            status=404,
        )
    if not exempt and (why := why_locked(parent.thread)):
        raise ActionRefused(f"{why} {_('Your words are kept below.')}", status=403)
    if not parent.takes_depth:
        raise _too_deep(parent)


def why_locked(root: Comment) -> str:
    """Return since when and why the thread of `root` takes no replies; "" if it takes them."""
    if root.locked_at is None:
        return ""
    locks = Decision.objects.filter(comment=root, action=Action.LOCK).order_by("-pk")
    found = locks.values_list("reason", "sentence_to_readers__text").first()
    reason, sentence = found or ("", None)
    said = {"when": moment_of(root.locked_at), "sentence": sentence}
    if sentence:
        return (
            _("This thread has been locked since %(when)s: “%(sentence)s” Nobody can reply.") % said
        )
    if reason not in ThreadReason or reason == ThreadReason.OTHER_THREAD:
        return _("This thread has been locked since %(when)s: nobody can reply.") % said
    said["reason"] = str(ThreadReason(reason).label)
    return (
        _("This thread has been locked since %(when)s, because it %(reason)s. Nobody can reply.")
        % said
    )


def close(
    post: Post,
    *,
    by: User,
    reason: str,
    now: datetime,
    note: str = "",
    to_readers: str = "",
    over: bool = False,
) -> Decision | None:
    """Close the discussion of `post`, which is locked; return the log row, None if it was closed.

    With `over`, this closing takes the place of the earlier one. `reason` is a code of
    `DiscussionReason`; `to_readers` says in a sentence what it does not.
    """
    _reload(post)
    if post.closed_at is not None and not over:
        return None
    decision = _log(post, Action.CLOSE, by, reason, note, now)
    if to_readers:
        SentenceToReaders.objects.create(decision=decision, text=to_readers)
    post.set_closed(now, reason)
    return decision


def open_again(
    post: Post, *, by: User, reason: str, now: datetime, note: str = ""
) -> Decision | None:
    """Open the discussion of `post`, which is locked; return the log row, None if it was open.

    `reason` is a code of `EndReason`.
    """
    _reload(post)
    if post.closed_at is None:
        return None
    decision = _log(post, Action.OPEN, by, reason, note, now)
    post.set_closed(None, "")
    return decision


def _too_deep(parent: Comment) -> ActionRefused:
    """Return the refusal of a reply to `parent`, with a link to one above that can be answered."""
    above = paths.row_ids(parent.path)[:-1]
    open_ones = Comment.objects.readable().without_text().filter(pk__in=above)
    nearest = open_ones.select_related("author").order_by("-depth").first()
    if nearest is None:
        return ActionRefused(
            _("Replies cannot go any deeper here. Your words are kept below."), status=409
        )
    return ActionRefused(
        _("Replies cannot go any deeper here. Your words are kept below; please reply instead to"),
        status=409,
        link=Link(
            nearest.get_absolute_url(),
            _("the comment by %(who)s") % {"who": nearest.author.display_name},
        ),
    )


def _log(post: Post, action: Action, by: User, reason: str, note: str, now: datetime) -> Decision:
    before = _OPEN if post.closed_at is None else _CLOSED
    after = _CLOSED if action == Action.CLOSE else _OPEN
    decision = Decision.objects.create(
        action=action,
        by=by,
        post=post,
        reason=reason,
        state_before=before,
        state_after=after,
        decided_at=now,
    )
    if note:
        DecisionNote.objects.create(decision=decision, text=note)
    return decision


def _closed_since(post: Post) -> DiscussionClosed:
    _reload(post)
    return DiscussionClosed(post)


def _reload(post: Post) -> None:
    """Read again whether the discussion of `post` is closed."""
    post.refresh_from_db(fields=["closed_at", "closed_reason"])
