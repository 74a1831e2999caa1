"""Declare whose words notifications, subscriptions and queued jobs hold.

A queued mail is its receiver's, and a subscription without an account that of the account whose
confirmed address it has.
"""

import json
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from accounts.personal import addresses_of
from core import personal
from core.personal import Erasure, Holding, Rows, rows

from .addresses import mailbox_digest_of
from .deliverability.models import DIGEST_LENGTH, DeliveryEvent
from .mailing.models import MailChoice, Outgoing, StoppedAddress
from .models import (
    FeedToken,
    ImportRow,
    Notification,
    StatedConsent,
    Subscription,
    SubscriptionQuerySet,
    Unsent,
)
from .subscribers import former


def _forget_notifications(erasure: Erasure) -> None:
    Notification.objects.filter(recipient=erasure.person).delete()


def _notifications(person: User) -> Rows:
    return rows(
        Notification.objects.filter(recipient=person), "kind", "subject_id", "created_at", "read_at"
    )


def _forget_subscriptions(erasure: Erasure) -> None:
    """Delete what the person follows; that they ended it holds, also against an old list."""
    followed = _subscriptions_of(erasure.person)
    former.remember_all(followed)
    followed.delete()


def _subscriptions_of(person: User) -> SubscriptionQuerySet:
    """Return those of the account and of its confirmed addresses: others may be somebody else's."""
    addresses = _confirmed_addresses(person)
    return Subscription.objects.filter(Q(user=person) | Q(address__in=addresses))


def _confirmed_addresses(person: User) -> Any:
    """Return the query for the confirmed addresses of `person`, in lower case."""
    confirmed = person.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
    return confirmed.annotate(lower=Lower("email")).values("lower")


def _subscriptions(person: User) -> Rows:
    columns = ("address", "target", "target_id", "detail", "created_at", "confirmed_at", "ended_at")
    return rows(_subscriptions_of(person), *columns)


def _forget_feed(erasure: Erasure) -> None:
    FeedToken.objects.filter(user=erasure.person).delete()


def _feed(person: User) -> Rows:
    return rows(FeedToken.objects.filter(user=person), "created_at")


def _forget_unsent(erasure: Erasure) -> None:
    Unsent.objects.filter(recipient=erasure.person).delete()


def _unsent(person: User) -> Rows:
    """Return what the list of the inbox tells: of some not what they were about."""
    return [
        {
            "kind": each.kind,
            "subject_id": None if each.is_concealed else each.subject_id,
            "reason": each.sentence,
            "created_at": each.created_at,
        }
        for each in Unsent.objects.filter(recipient=person).order_by("pk")
    ]


def _forget_outbox(erasure: Erasure) -> None:
    """Delete what was or will be mailed to the person, and their choices about it."""
    _outgoing_of(erasure.person).delete()
    erasure.person.mail_choices.all().delete()
    _stopped_of(erasure.person).delete()


def _outgoing_of(person: User) -> QuerySet[Outgoing]:
    addresses = _confirmed_addresses(person)
    return Outgoing.objects.filter(Q(person=person) | Q(address__in=addresses))


def _stopped_of(person: User) -> QuerySet[StoppedAddress]:
    addresses = _confirmed_addresses(person)
    return StoppedAddress.objects.filter(address__in=addresses)


def _consents(person: User) -> Rows:
    """Return what admins stated of the person's consent when they imported the address."""
    consents = StatedConsent.objects.filter(subscription__in=_subscriptions_of(person))
    return rows(consents, "given_on", "place", "stated_at")


def _forget_import_rows(erasure: Erasure) -> None:
    _import_rows_of(erasure.person).delete()


def _import_rows_of(person: User) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(address__in=_confirmed_addresses(person))


def _import_rows(person: User) -> Rows:
    columns = ("address", "consent_on", "consent_place", "outcome", "reason")
    return rows(_import_rows_of(person), *columns)


def _forget_events(erasure: Erasure) -> None:
    """Cut what leads from events of delivery to the person; the figures stay."""
    digests = [mailbox_digest_of(each) for each in _confirmed_addresses_now(erasure.person)]
    for event in DeliveryEvent.objects.filter(digest__in=digests):
        event.digest = token_hex(DIGEST_LENGTH // 2)
        event.save(update_fields=["digest"])


def _events(person: User) -> Rows:
    digests = [mailbox_digest_of(each) for each in _confirmed_addresses_now(person)]
    return rows(DeliveryEvent.objects.filter(digest__in=digests), "kind", "created_at")


def _confirmed_addresses_now(person: User) -> list[str]:
    return [str(each) for each in _confirmed_addresses(person).values_list("lower", flat=True)]


def _outgoing(person: User) -> Rows:
    columns = ("kind", "subject_id", "state", "way", "reason", "created_at", "due_at", "done_at")
    return rows(_outgoing_of(person), "address", *columns)


def _mail_choices(person: User) -> Rows:
    return rows(MailChoice.objects.filter(person=person), "scope", "way")


def _stopped_addresses(person: User) -> Rows:
    return rows(_stopped_of(person), "address", "cause", "stopped_at")


def _forget_jobs(erasure: Erasure) -> None:
    """Delete the jobs that name an address of the person, running ones included."""
    Job.objects.filter(pk__in=[job.pk for job in _jobs_of(erasure.person)]).delete()


def _jobs_of(person: User) -> Iterator[Any]:
    """Yield the jobs whose arguments, result or error have an address of `person`.

    Jobs that are done have lost their arguments, so few rows are read.
    """
    addresses = {address.casefold() for address in addresses_of(person)}
    for job in Job.objects.order_by("enqueued_at").iterator():
        words = json.dumps([job.args_kwargs, job.return_value, job.traceback], ensure_ascii=False)
        if any(address in words.casefold() for address in addresses):
            yield job


def _mails(person: User) -> Rows:
    """Return time and subject of each mail that waits; its text may have a code to sign in with."""
    return [
        {"queued_at": job.enqueued_at, "subject": argument.get("subject")}
        for job in _jobs_of(person)
        for argument in job.args_kwargs["args"]
        if isinstance(argument, dict)
    ]


personal.declare(
    "notifications",
    Holding(
        name="notifications",
        model="notifications.Notification",
        erase=_forget_notifications,
        download=_notifications,
    ),
    Holding(
        name="notifications_not_sent",
        model="notifications.Unsent",
        erase=_forget_unsent,
        download=_unsent,
    ),
    Holding(
        name="feed_of_notifications",
        model="notifications.FeedToken",
        erase=_forget_feed,
        download=_feed,
    ),
    Holding(
        name="subscriptions",
        model="notifications.Subscription",
        words=("address",),
        erase=_forget_subscriptions,
        download=_subscriptions,
    ),
    Holding(
        name="mails_about_notifications",
        model="notifications.Outgoing",
        words=("address",),
        erase=_forget_outbox,
        download=_outgoing,
    ),
    Holding(
        name="mail_choices",
        model="notifications.MailChoice",
        erase=_forget_outbox,
        download=_mail_choices,
    ),
    Holding(
        name="stopped_addresses",
        model="notifications.StoppedAddress",
        words=("address",),
        erase=_forget_outbox,
        download=_stopped_addresses,
    ),
    Holding(
        name="stated_consents",
        model="notifications.StatedConsent",
        words=("place",),
        erase=_forget_subscriptions,
        download=_consents,
    ),
    Holding(
        name="rows_of_imported_lists",
        model="notifications.ImportRow",
        words=("address", "consent_place"),
        erase=_forget_import_rows,
        download=_import_rows,
    ),
    Holding(
        name="bounces_and_complaints",
        model="notifications.DeliveryEvent",
        erase=_forget_events,
        download=_events,
    ),
    Holding(
        name="mails_waiting",
        model="django_tasks_database.DBTaskResult",
        copies=("args_kwargs", "return_value", "traceback"),
        erase=_forget_jobs,
        download=_mails,
    ),
)
personal.nobodys(
    "a code or a name from the code",
    notifications__Notification="kind target",
    notifications__Unsent="reason kind target",
    notifications__Subscription="target",
    notifications__Outgoing="kind target scope state way reason",
    notifications__MailChoice="scope way",
    notifications__StoppedAddress="cause",
    notifications__DeliveryEvent="kind",
    notifications__ArticlePause="reason",
    notifications__SubscriberImport="state target",
    notifications__ImportRow="outcome reason",
    django_tasks_database__DBTaskResult="status task_path worker_ids queue_name backend_name "
    "exception_class_path",
)
personal.nobodys(
    "a key, which its article holds",
    notifications__Subscription="detail",
    notifications__SubscriberImport="detail",
)
personal.nobodys(
    "the names of the columns of a file, which program's they are",
    notifications__SubscriberImport="columns",
)
personal.nobodys(
    "the hash of an address under a key, so that its wish to get no more mail holds",
    notifications__FormerFollower="digest",
)
personal.nobodys(
    "the hash of an address under a key, cut from it by an erasure",
    notifications__DeliveryEvent="digest",
)
personal.nobodys(
    "the hash of an event under a key, from which nobody finds the address",
    notifications__WebhookEvent="digest",
)
personal.nobodys(
    "the hash of what was drawn at random",
    notifications__Subscription="token_hash",
    notifications__FeedToken="digest",
)
