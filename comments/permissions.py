"""Decide whether a person may do something: pure predicates. What they may see is `visible_to`."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from accounts.permissions import may_write
from posts.models import Post

from .models import Comment, CommentState, CommentStatus

Person = User | AnonymousUser


def wrote_post(user: Person, post: Post) -> bool:
    """Return whether `user` is one of the post's authors."""
    return user.is_authenticated and user.pk in post.author_ids


def is_exempt(user: Person, post: Post) -> bool:
    """Return whether holds, rate limits and locks do not apply to `user`: authors and staff."""
    return user.is_authenticated and (user.is_staff or wrote_post(user, post))


def can_close(user: Person, post: Post) -> bool:
    """Return whether `user` may close and open the discussion of `post`: its authors and staff.

    Only while the article is published; before that nobody can comment.
    """
    return can_write(user) and is_exempt(user, post) and post.is_published()


def can_write(user: Person, now: datetime | None = None) -> bool:
    """Return whether `user` may write at all."""
    return may_write(user, now)


def can_write_notes(user: Person, post: Post) -> bool:
    """Return whether `user` may comment without a stance where there is a question."""
    return is_exempt(user, post)


@dataclass(frozen=True)
class Reader:
    """Everything that decides which actions a page offers a person, computed once for a page."""

    id: int | None
    may_write: bool
    is_exempt: bool
    is_moderator: bool
    now: datetime
    joined_at: datetime | None = None
    # Whether the discussion is closed: nobody replies then.
    is_closed: bool = False

    @classmethod
    def of(cls, user: Person, post: Post, now: datetime | None = None) -> "Reader":
        """Return the reader that `user` is under `post`; a visitor has the `id` None."""
        now = now or timezone.now()
        if not user.is_authenticated:
            return cls(
                None,
                may_write=False,
                is_exempt=False,
                is_moderator=False,
                now=now,
                is_closed=post.closed_at is not None,
            )
        return cls(
            user.pk,
            may_write=can_write(user, now),
            is_exempt=is_exempt(user, post),
            is_moderator=user.is_moderator,
            now=now,
            joined_at=user.joined_at,
            is_closed=post.closed_at is not None,
        )

    def may_reply(self, comment: CommentStatus, *, locked: bool) -> bool:
        """Return whether a reply to `comment` is accepted; visitors see a link to sign in."""
        if self.is_closed or (locked and not self.is_exempt):
            return False
        if not comment.is_readable or not comment.takes_depth:
            return False
        return self.id is None or self.may_write

    def may_press(self, comment: CommentStatus) -> bool:
        """Return whether the person may mark it as well argued; visitors see a link to sign in."""
        return self.may_flag(comment)

    def may_flag(self, comment: CommentStatus) -> bool:
        """Return whether the person may flag `comment`; visitors see a link to sign in."""
        if not comment.is_readable:
            return False
        return self.id is None or (self.may_write and comment.author_id != self.id)

    def may_judge(self, comment: CommentStatus, own: int | None) -> bool:
        """Return whether the person, whose answer is `own`, may give a verdict on a steelman."""
        return own is not None and comment.argues_for_id == own and self.may_flag(comment)

    def may_lock(self, comment: CommentStatus) -> bool:
        """Return whether the card leads to locking a thread: at its root, for authors and staff."""
        return self.is_exempt and self.may_write and comment.depth == 0

    def may_decide(self, comment: CommentStatus) -> bool:
        """Return whether the card leads to decisions: of moderators, about comments of others."""
        return self.is_moderator and self.may_write and comment.author_id != self.id

    def may_edit(self, comment: CommentStatus) -> bool:
        """Return whether the person may edit the text of `comment`: its writer, in time."""
        if not self.may_write or comment.author_id != self.id or comment.is_deleted:
            return False
        if comment.state not in {CommentState.PUBLISHED, CommentState.HELD}:
            return False
        return comment.is_within_history_window(self.now) or self.is_exempt

    def may_delete(self, comment: CommentStatus) -> bool:
        """Return whether the person may delete `comment`: its writer, always, also suspended."""
        return self.id is not None and comment.author_id == self.id and not comment.is_deleted


def can_edit(user: Person, comment: Comment, now: datetime | None = None) -> bool:
    """Return whether `user` may edit the text of `comment`: its writer, in time."""
    return Reader.of(user, comment.post, now).may_edit(comment)


def can_correct_stance(user: Person, comment: Comment, now: datetime | None = None) -> bool:
    """Return whether `user` may still correct the stance of `comment`, or what it argues for."""
    return (
        comment.stance_id is not None
        and can_edit(user, comment, now)
        and comment.is_within_edit_window(now)
    )


def can_delete(user: Person, comment: Comment) -> bool:
    """Return whether `user` may delete `comment`: its writer, always, also while suspended."""
    return Reader.of(user, comment.post).may_delete(comment)


def can_read(user: Person, comment: Comment) -> bool:
    """Return whether `user` may read the text of `comment`; in SQL it is `querysets.text_for`."""
    if comment.is_readable or (user.is_authenticated and user.is_moderator):
        return True
    return comment.author_id == user.pk and not comment.is_deleted


def can_know_of(user: Person, comment: Comment) -> bool:
    """Return whether `user` may know that `comment` exists, or existed: its permalink says so.

    That is what was published once, unless it is held again; its writer and moderators know of all.
    """
    if user.is_authenticated and (user.is_moderator or comment.author_id == user.pk):
        return True
    is_held = comment.state == CommentState.HELD and not comment.is_deleted
    return comment.published_at is not None and not is_held


def can_see_history(user: Person, comment: Comment) -> bool:
    """Return whether `user` may read earlier texts of `comment`; see `RevisionQuerySet`."""
    return comment.is_readable or (user.is_authenticated and user.is_moderator)
