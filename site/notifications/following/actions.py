"""Begin and end following something with an account; either again changes nothing."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.locking import lock_account
from accounts.models import User
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..models import Subscription, SubscriptionQuerySet
from ..subscribers import former
from ..targets import Key


@retried
def follow(user: User, target: str, key: Key, *, now: datetime | None = None) -> Subscription:
    """Let `user` follow the target of the type `target` with `key`, and return the row.

    Raises `ActionRefused` for somebody who follows as much as one may.
    """
    now = now or timezone.now()
    mine = Subscription.objects.of(user)
    row = mine.to(target, *key).first()
    if row is not None and row.is_active:
        return row
    lock_account(user.pk)
    refuse_too_many(mine)
    if row is None:
        new, _is_new = Subscription.objects.get_or_create(
            user=user,
            target=target,
            target_id=key.id,
            detail=key.detail,
            defaults={"confirmed_at": now},
        )
        return new
    row.ended_at, row.created_at, row.confirmed_at = None, now, now
    row.save(update_fields=["ended_at", "created_at", "confirmed_at"])
    return row


@retried
def stop(user: User, target: str, key: Key, *, now: datetime | None = None) -> bool:
    """Let `user` follow the target no more; return whether they did."""
    return bool(end(Subscription.objects.of(user).to(target, *key), now=now))


def end(rows: SubscriptionQuerySet, *, now: datetime | None = None) -> int:
    """End `rows` at the wish of their follower, and return how many were not ended before.

    Rows that are ended already are ended anew: an admin may have ended them, whose undo must not
    bring back what the follower does not want either.
    """
    number = rows.filter(ended_at__isnull=True).count()
    rows.update(ended_at=now or timezone.now())
    return number


@retried
def resume(rows: SubscriptionQuerySet) -> int:
    """Undo the end of those of `rows` that are confirmed, all of one follower, and return how many.

    Raises `ActionRefused` if the follower follows as much as one may by now.
    """
    ended = rows.filter(ended_at__isnull=False, confirmed_at__isnull=False)
    first = ended.first()
    if first is None:
        return 0
    if first.user_id:
        lock_account(first.user_id)
        followed = Subscription.objects.filter(user=first.user_id)
    else:
        followed = Subscription.objects.filter(address=first.address)
        lock_address(followed)
    refuse_too_many(followed, more=ended.count())
    return ended.update(ended_at=None)


def lock_address(rows: SubscriptionQuerySet) -> None:
    """Let `rows`, all of one address, be counted by one transaction after the other.

    An address has no row of its own, and what it follows is locked instead: of one that follows
    nothing yet too much cannot be counted.
    """
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def refuse_too_many(rows: SubscriptionQuerySet, *, more: int = 1) -> None:
    """Raise `ActionRefused` if a follower with these `rows` may not follow `more` things.

    To be called once the follower is locked.
    """
    if rows.filter(ended_at__isnull=True).count() + more > limits.FOLLOWED_MAX:
        raise ActionRefused(
            _(
                "You follow %(limit)d things, which is the most you can. Please stop following one "
                "first."
            )
            % {"limit": limits.FOLLOWED_MAX}
        )


@retried
def purge(now: datetime | None = None) -> int:
    """Delete what is outdated, some at a time so that no statement takes long; return how many.

    That an address ended following is remembered, as a hash, so that no list brings it back.
    """
    outdated = Subscription.objects.outdated(now)
    batch = list(outdated.order_by("pk").values_list("pk", flat=True)[: limits.FOLLOWS_DELETED])
    outdated = outdated.filter(pk__in=batch)
    former.remember(outdated)
    deleted: int = outdated.delete()[1].get("notifications.Subscription", 0)
    return deleted
