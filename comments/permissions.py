"""May this person do this? Pure predicates; whether they may *see* it is `visible_to`."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from posts.models import Post

from .models import Comment, CommentState

Person = User | AnonymousUser


def wrote_post(user: Person, post: Post) -> bool:
    """Return whether `user` is one of the post's authors."""
    return user.is_authenticated and user.pk in post.author_ids


def is_exempt(user: Person, post: Post) -> bool:
    """Return whether holds, rates and locks do not apply: the post's authors and staff."""
    return user.is_authenticated and (user.is_staff or wrote_post(user, post))


def can_write(user: Person, now: datetime | None = None) -> bool:
    """Return whether `user` may write anything at all."""
    return user.is_authenticated and user.is_active and not user.is_suspended(now)


def can_write_notes(user: Person, post: Post) -> bool:
    """Return whether `user` may comment without a stance where there is a question."""
    return is_exempt(user, post)


def can_reply(user: Person, comment: Comment, *, exempt: bool = False) -> bool:
    """Return whether a reply to `comment` would be taken; visitors see the way to sign in."""
    if not comment.is_standing or not comment.takes_depth:
        return False
    if comment.thread.locked_at is not None and not exempt:
        return False
    return not user.is_authenticated or can_write(user)


def can_edit(user: Person, comment: Comment, now: datetime | None = None) -> bool:
    """Return whether `user` may change the words of `comment`: its writer, in time."""
    if not can_write(user, now) or comment.author_id != user.pk or comment.is_deleted:
        return False
    if comment.state not in {CommentState.PUBLISHED, CommentState.HELD}:
        return False
    return comment.is_within_history_window(now) or is_exempt(user, comment.post)


def can_correct_stance(user: Person, comment: Comment, now: datetime | None = None) -> bool:
    """Return whether `user` may still correct the stance of `comment`."""
    return (
        comment.stance_id is not None
        and can_edit(user, comment, now)
        and comment.is_within_edit_window(now)
    )


def can_delete(user: Person, comment: Comment) -> bool:
    """Return whether `user` may delete `comment`: its writer, always, also while suspended."""
    return user.is_authenticated and comment.author_id == user.pk and not comment.is_deleted


def can_flag(user: Person, comment: Comment) -> bool:
    """Return whether `user` may report `comment`; visitors see the way to sign in."""
    if not comment.is_standing:
        return False
    return not user.is_authenticated or (can_write(user) and comment.author_id != user.pk)


def can_see_history(user: Person, comment: Comment) -> bool:
    """Return whether `user` may read what `comment` said before it was edited."""
    return comment.is_standing or (user.is_authenticated and user.is_moderator)
