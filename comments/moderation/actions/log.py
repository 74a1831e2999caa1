"""Write the moderation log, and refuse decisions based on an outdated page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.backends import person_now
from accounts.models import User
from core.exceptions import ActionRefused
from core.numbers import number
from notifications.actions import News, notify
from notifications.kinds import NotificationKind
from posts.models import Post

from ...actions import branches
from ...models import ChangeOfMind, Comment
from ...models.moderation import Action, Decision, DecisionNote, Flag, SentenceToReaders, text_hash
from .. import permissions, sentences

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Outcome:
    """The result of a decision: the log row in force, and whether this call wrote it."""

    decision: Decision | None
    is_new: bool


def latest(**about: Any) -> Decision | None:
    """Return the newest log row that matches `about`, such as `comment=…`; None without one."""
    return Decision.objects.filter(**about).select_related("by").order_by("-id").first()


def lock_in_force(root: Comment) -> Decision | None:
    """Return the log row of the lock on the thread of `root`, None if it is not known.

    A thread that was a branch of a locked one has its lock from there: both say the same time.
    """
    own = latest(comment=root, action=Action.LOCK)
    if own is not None or root.locked_at is None:
        return own
    return latest(comment__post=root.post_id, action=Action.LOCK, decided_at=root.locked_at)


def body_hash(comment: Comment) -> str:
    """Return the SHA-256 of the text of `comment`, as 64 hexadecimal digits."""
    return text_hash(comment.body)


def text_token(text: str) -> str:
    """Return the token by which a form names the text that it shows."""
    return text_hash(text)[:16]


def seen_token(comment: Comment, decision: Decision | None) -> str:
    """Return the token by which a form names the text and the last decision that it shows."""
    return f"{decision.pk if decision else 0}.{text_token(comment.body)}"


def refuse_unless(may: Callable[[User, Subject], bool], by: User | None, about: Subject) -> None:
    """Raise `ActionRefused` (403) unless `may(by, about)`, with `by` as they are now.

    For the predicate that the view has asked, once `about` is locked: either may have changed
    since. The command line, None, may do everything.
    """
    if by is None:
        return
    now = person_now(by.pk)
    if now is None or not may(now, about):
        raise ActionRefused(
            _("You can no longer decide about this. Nothing was changed."), status=403
        )


def refuse_unless_may_end(by: User, decision: Decision | None, post: Post) -> None:
    """Raise `ActionRefused` (403) if only moderators may end what `decision` made under `post`.

    For a lock or a closing, once its subject is locked.
    """
    now = person_now(by.pk)
    if now is None or not permissions.can_end(now, decision, post):
        raise ActionRefused(sentences.ONLY_MODERATORS_END, status=403)


def may_overrule(by: User, decision: Decision | None, post: Post) -> bool:
    """Return whether `by`, as they are now, may lock or close over `decision` under `post`."""
    now = person_now(by.pk)
    return now is not None and permissions.can_overrule(now, decision, post)


def refuse_if_stale(
    comment: Comment, seen: str, now: datetime, ended: Decision | None = None
) -> None:
    """Raise `ActionRefused` (409) unless `seen` is the present token; an empty `seen` passes.

    That of an undo is an id alone: of the decision to be `ended`, whatever else has changed.
    """
    undone = number(seen)
    if undone is not None:
        refuse_if_another(ended, undone, now)
        return
    last = latest(comment=comment)
    if not seen or seen == seen_token(comment, last):
        return
    if last is not None and not seen.startswith(f"{last.pk}."):
        raise conflict(last, now)
    raise ActionRefused(
        _("The writer changed this text while you were reading. Please read it again."), status=409
    )


def refuse_if_another(in_force: Decision | None, seen: int | None, now: datetime) -> None:
    """Raise `ActionRefused` (409) if the decision `in_force` is another than the one `seen`.

    Somebody ended that, and decided again. None passes.
    """
    if in_force is not None and seen is not None and in_force.pk != seen:
        raise conflict(in_force, now)


def refuse_if_deleted(comment: Comment) -> None:
    """Raise `ActionRefused` (409) if the writer has deleted `comment`."""
    if comment.is_deleted:
        raise ActionRefused(_("The writer has deleted this comment."), status=409)


def refuse_if_moving(comment: Comment) -> None:
    """Raise `ActionRefused` (409) while a branch of the same article is being moved."""
    if branches.is_moving(comment):
        raise ActionRefused(
            _("Replies of this article are being moved at the moment. Please try again soon."),
            status=409,
        )


def conflict(first: Decision | None, now: datetime) -> ActionRefused:
    """Return the refusal (409) that names the decision `first`, made before this one."""
    if first is None:
        return ActionRefused(_("This is no longer possible. Please look again."), status=409)
    text = _("%(decided)s You have changed nothing.") % {"decided": sentences.decided(first, now)}
    return ActionRefused(text, status=409)


def write(
    action: str,
    *,
    by: User | None,
    now: datetime,
    comment: Comment | None = None,
    change: ChangeOfMind | None = None,
    person: User | None = None,
    note: str = "",
    to_readers: str = "",
    **codes: Any,
) -> Decision:
    """Add a log row with a note to the person concerned and a sentence to readers, if any.

    `by` is None for the command line; `codes` are further columns: reason, states, end.
    """
    decision = Decision.objects.create(
        action=action,
        by=by,
        comment=comment,
        change=change,
        person=person,
        body_sha256=_text_hash(comment, change),
        decided_at=now,
        **codes,
    )
    if note:
        DecisionNote.objects.create(decision=decision, text=note)
    if to_readers:
        SentenceToReaders.objects.create(decision=decision, text=to_readers)
    return decision


def notify_writer(kind: NotificationKind, decision: Decision | None, comment: Comment) -> None:
    """Notify the writer of `comment` of the new `decision` about it."""
    assert decision is not None
    news = News(comment.author_id, subject=decision.pk, target=comment.pk)
    notify(kind, news, cause=decision.by)


def _text_hash(comment: Comment | None, change: ChangeOfMind | None) -> str:
    """Return the hash of the text of the comment or change decided about, "" for a person."""
    if change is not None:
        return text_hash(change.words)
    if comment is None:
        return ""
    # A comment that was locked for this decision may have been read without its text.
    return text_hash(Comment.objects.values_list("body", flat=True).get(pk=comment.pk))


def close_flags(decision: Decision) -> None:
    """Close every open flag of the comment of `decision`."""
    Flag.objects.open().filter(comment=decision.comment).update(decision=decision)


def reopen_flags(decisions: Iterable[int]) -> None:
    """Open the flags that `decisions`, which are undone, closed.

    One whose reporter has raised a new one since stays closed.
    """
    again = Flag.objects.open().filter(comment=OuterRef("comment"), reporter=OuterRef("reporter"))
    closed = Flag.objects.filter(~Exists(again), decision__in=list(decisions))
    Flag.objects.filter(pk__in=list(closed.values_list("pk", flat=True))).update(decision=None)
