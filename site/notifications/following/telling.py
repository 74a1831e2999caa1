"""Tell the followers of an event in batches, each person once and by their strongest reason.

The writer of an event only enqueues a job, in the transaction of the event, so it costs them the
same whatever the number of followers. The job tells a batch and enqueues the next in the same
transaction: a worker that dies repeats no batch and forgets none.
"""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.db.transactions import retried

from ..actions import News, notify_all
from ..kinds import NotificationKind
from ..mailing import outbox
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
    but: Collection[int] = (),
) -> BatchStart | None:
    """Tell the batch of followers that begins at `start`; return where the next one does, or None.

    `reasons` are the strongest first, and `target_id` is what the notification is about. Nobody
    is told of what `cause` did while suspended, nor are the accounts `but`.
    """
    if cause is not None and cause.is_suspended():
        return None
    for index in range(start.reason, len(reasons)):
        after = start.after if index == start.reason else 0
        rows = followers_of(reasons[index : index + 1]).filter(pk__gt=after)
        batch = list(rows.order_by("pk")[:BATCH])
        if batch:
            _tell(reasons[index], target_id, _without(batch, reasons[:index]), cause, but)
            return BatchStart(index, batch[-1].pk)
    return None


def _tell(
    reason: FollowReason,
    target_id: int,
    batch: Sequence[Subscription],
    cause: User | None,
    but: Collection[int],
) -> None:
    people = [row.user_id for row in batch if row.user_id and row.user_id not in but]
    news = [News(person, reason.subject, target_id) for person in people]
    notify_all(reason.kind, news, cause=cause)
    # Addresses have no inbox: they are sent mail, with a link that ends this subscription.
    now = timezone.now()
    outbox.queue_all(
        outbox.row_for_address(reason.kind, row, reason.subject, target_id, now)
        for row in batch
        if row.address
    )


def _without(batch: list[Subscription], stronger: Sequence[FollowReason]) -> list[Subscription]:
    """Return those of `batch` whose followers have none of the `stronger` reasons."""
    if not stronger or not batch:
        return batch
    rows = followers_of(stronger).filter(
        Q(user__in=[row.user_id for row in batch if row.user_id])
        | Q(address__in=[row.address for row in batch if row.address])
    )
    known = set(rows.values_list("user_id", "address"))
    return [row for row in batch if (row.user_id, row.address) not in known]


def followers_of(reasons: Sequence[FollowReason]) -> SubscriptionQuerySet:
    """Return the subscriptions of those who have one of `reasons` to be told."""
    return Subscription.objects.active().filter(reduce(or_, (each.condition for each in reasons)))
