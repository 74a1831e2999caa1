"""Permissions of moderation, as pure predicates; visibility is checked before, elsewhere."""

from datetime import datetime

from accounts.models import User
from posts.models import Post

from ..models import ChangeOfMind, Comment
from ..models.moderation import Decision
from ..permissions import Person, can_write, wrote_post


def can_moderate(user: Person, now: datetime | None = None) -> bool:
    """Return whether `user` is a moderator who may write at the time `now`."""
    return user.is_authenticated and user.is_moderator and can_write(user, now)


def can_judge(user: Person, comment: Comment) -> bool:
    """Return whether `user` may decide about `comment`: moderators, except about their own."""
    return can_moderate(user) and comment.author_id != user.pk


def can_judge_change(user: Person, change: ChangeOfMind) -> bool:
    """Return whether `user` may decide about `change`: a moderator, neither giver nor credited."""
    credited = change.comment.author_id if change.comment else None
    return can_moderate(user) and user.pk not in {change.giver_id, credited}


def can_lock(user: Person, comment: Comment) -> bool:
    """Return whether `user` may lock or detach: moderators and the authors of the post."""
    return can_moderate(user) or (can_write(user) and wrote_post(user, comment.post))


def only_moderators_end(decision: Decision | None, post: Post) -> bool:
    """Return whether only moderators may end the lock or closing that `decision` made.

    That is one by a moderator, who may write the article as well, or by somebody who wrote no part
    of it. One whose decision is not known counts as theirs.
    """
    if decision is None or decision.by is None:
        return True
    return decision.by.is_staff or not wrote_post(decision.by, post)


def can_end(user: Person, decision: Decision | None, post: Post) -> bool:
    """Return whether `user`, who may lock and close, may end what `decision` made.

    Authors end their own and those of other authors; a moderator's is for moderators to end.
    """
    return can_moderate(user) or not only_moderators_end(decision, post)


def can_overrule(user: Person, decision: Decision | None, post: Post) -> bool:
    """Return whether `user` may lock or close what `decision` has locked or closed already.

    A moderator's decision takes the place of an author's, so that only moderators end it.
    """
    return can_moderate(user) and not only_moderators_end(decision, post)


def can_suspend(user: Person, person: User) -> bool:
    """Return whether `user` may suspend `person`.

    Nobody suspends themselves or an admin, and only admins suspend moderators. An admin has to
    lose the role first, which is refused to the last one.
    """
    if not can_moderate(user) or user.pk == person.pk or person.erased_at is not None:
        return False
    if person.is_admin:
        return False
    return user.is_authenticated and (user.is_admin or not person.is_moderator)


def can_admit(user: Person, person: User) -> bool:
    """Return whether `user` may approve or decline the account of `person`."""
    return can_moderate(user) and user.pk != person.pk and person.erased_at is None


def can_change_roles(user: Person, person: User) -> bool:
    """Return whether `user` may grant or revoke roles of `person`: admins, never their own."""
    if not user.is_authenticated or not user.is_admin or not can_write(user):
        return False
    return user.pk != person.pk and person.erased_at is None
