"""Tell the followers of an event in batches, each person once and by their strongest reason.

The writer of an event only enqueues a job, in the transaction of the event, so it costs them the
same whatever the number of followers. The job tells a batch and enqueues the next in the same
transaction: a worker that dies repeats no batch and forgets none.

The audience of an issue of a newsletter is frozen at a moment: those who follow later are left out.
So are the reasons to tell it, from the first batch on.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.db.transactions import retried

from ..actions import News, notify_all
from ..kinds import NotificationKind, kind_of
from ..mailing import outbox, scopes
from ..models import Subscription, SubscriptionQuerySet
from ..targets import Key

# Followers told in one transaction: some 50 ms of a processor, half of it for mail.
BATCH = 200


class FollowReason(NamedTuple):
    """Why followers are told: they follow `target` with `key`; `subject` is the row that tells."""

    kind: NotificationKind
    target: str
    key: Key
    subject: int

    @property
    def condition(self) -> Q:
        """The condition for the subscriptions to it."""
        return Q(target=self.target, target_id=self.key.id, detail=self.key.detail)


# A reason as the argument of a job: kind, target, id, detail and subject.
FrozenReason = tuple[str, str, int, str, int]


def freeze(reasons: Sequence[FollowReason]) -> list[FrozenReason]:
    """Return `reasons` as an argument of the job that tells a batch, and of the next ones.

    What an article or comment belongs to may change between two batches: those whom the first has
    begun to tell are told by the same reasons to the last.
    """
    return [(r.kind.name, r.target, r.key.id, r.key.detail, r.subject) for r in reasons]


def thaw(frozen: Sequence[Sequence[Any]]) -> list[FollowReason]:
    """Return the reasons of `freeze`; JSON has made lists of the tuples."""
    reasons = []
    for name, target, pk, detail, subject in frozen:
        kind = kind_of(name)
        assert kind is not None, name
        reasons.append(FollowReason(kind, target, Key(pk, detail), subject))
    return reasons


class FollowAudience(NamedTuple):
    """Which followers are told: those who have followed since `until` or before, None for all.

    The accounts `but` are left out. Without `by_mail` accounts find it in their inbox alone, and
    addresses are told nothing.
    """

    until: datetime | None = None
    but: Collection[int] = ()
    by_mail: bool = True

    def of(self, reasons: "Sequence[FollowReason]") -> SubscriptionQuerySet:
        """Return the subscriptions of those who have one of `reasons` to be told."""
        rows = followers_of(reasons)
        return rows if self.until is None else rows.filter(confirmed_at__lte=self.until)


EVERYBODY = FollowAudience()


class BatchStart(NamedTuple):
    """Where a batch begins: at which reason, and after which subscription."""

    reason: int = 0
    after: int = 0


@retried
def tell_some(
    reasons: Sequence[FollowReason],
    target_id: int,
    start: BatchStart,
    *,
    cause: User | None,
    audience: FollowAudience = EVERYBODY,
) -> BatchStart | None:
    """Tell the batch of followers that begins at `start`; return where the next one does, or None.

    `reasons` are the strongest first, and `target_id` is what the notification is about. Nobody
    is told of what `cause` did while suspended.
    """
    if cause is not None and cause.is_suspended():
        return None
    for index in range(start.reason, len(reasons)):
        after = start.after if index == start.reason else 0
        rows = audience.of(reasons[index : index + 1]).filter(pk__gt=after)
        batch = list(rows.order_by("pk")[:BATCH])
        if batch:
            told = _without(batch, audience, reasons[:index])
            _tell(reasons[index], target_id, told, cause, audience)
            return BatchStart(index, batch[-1].pk)
    return None


def _tell(
    reason: FollowReason,
    target_id: int,
    batch: Sequence[Subscription],
    cause: User | None,
    audience: FollowAudience,
) -> None:
    news = [
        News(row.user_id, reason.subject, target_id, _scope(reason, row))
        for row in batch
        if row.user_id and row.user_id not in audience.but
    ]
    notify_all(reason.kind, news, cause=cause, by_mail=audience.by_mail)
    if not audience.by_mail:
        return
    # Addresses have no inbox: they are sent mail, with a link that ends this subscription.
    now = timezone.now()
    outbox.queue_all(
        outbox.row_for_address(reason.kind, row, reason.subject, target_id, now)
        for row in batch
        if row.address
    )


def _scope(reason: FollowReason, row: Subscription) -> str:
    """Return what a link in a mail ends: of an issue `row` alone, of others their group."""
    return scopes.of_subscription(row.pk) if reason.kind.is_article else ""


def _without(
    batch: list[Subscription], audience: FollowAudience, stronger: Sequence[FollowReason]
) -> list[Subscription]:
    """Return those of `batch` whose followers have none of the `stronger` reasons."""
    if not stronger or not batch:
        return batch
    rows = audience.of(stronger).filter(
        Q(user__in=[row.user_id for row in batch if row.user_id])
        | Q(address__in=[row.address for row in batch if row.address])
    )
    known = set(rows.values_list("user_id", "address"))
    return [row for row in batch if (row.user_id, row.address) not in known]


def followers_of(reasons: Sequence[FollowReason]) -> SubscriptionQuerySet:
    """Return the subscriptions of those who have one of `reasons` to be told."""
    return Subscription.objects.active().filter(reduce(or_, (each.condition for each in reasons)))
