"""Read what a provider tells by a webhook, with django-anymail, which checks that it is from there.

Imported only where `EMAIL_PROVIDER` names a provider: other sites have no django-anymail.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from .events import KEPT_DAYS, DeliveryReport
from .models import EventKind
from .providers import PROVIDERS, Provider

# Characters; no address is longer (RFC 5321).
LONGEST_ADDRESS = 254
_FAILED = {EventType.BOUNCED, EventType.REJECTED}
_NO_SUCH_ADDRESS = {RejectReason.BOUNCED, RejectReason.INVALID}

logger = logging.getLogger(__name__)
_told: ContextVar[list[Any]] = ContextVar("told")


class NotFromProvider(Exception):
    """Raised for a request without the secret, or without the signature of the provider."""


class Unreadable(Exception):
    """Raised for a request from the provider that django-anymail does not understand."""


def read(request: HttpRequest) -> list[DeliveryReport]:
    """Return the hard bounces and complaints that `request` tells of; nothing is recorded.

    Raises `NotFromProvider` and `Unreadable`. No log gets what was sent: it has addresses.
    """
    provider = PROVIDERS[settings.EMAIL_PROVIDER]
    try:
        with _listening() as told:
            import_string(provider.view).as_view()(request)
        return [report for event in told for report in _reports(event, provider)]
    except AnymailWebhookValidationFailure as error:
        raise NotFromProvider from error
    except Exception as error:
        name = type(error).__name__
        logger.warning("A webhook of %s was not understood: %s", provider.label, name)
        raise Unreadable from error


@contextmanager
def _listening() -> Iterator[list[Any]]:
    """Collect the events that django-anymail finds in the block."""
    token = _told.set([])
    try:
        yield _told.get()
    finally:
        _told.reset(token)


@receiver(tracking)
def _collect(event: Any, **_kwargs: Any) -> None:
    _told.get().append(event)


def _reports(event: Any, provider: Provider) -> Iterator[DeliveryReport]:
    """Yield the report that `event` makes, if it is a reason to stop an address."""
    kind, address = _kind_of(event, provider), event.recipient
    if kind is None or _is_old(event) or not _may_be_address(address):
        return
    # Not every provider numbers its events.
    key = event.event_id or (event.message_id, address.lower(), event.timestamp)
    yield DeliveryReport(address.lower(), kind, ascii((provider.label, kind.value, key)))


def _kind_of(event: Any, provider: Provider) -> EventKind | None:
    """Return what `event` says of its address, None for what passes or says nothing of it.

    A mail that the provider did not even send, because of an earlier bounce or complaint, counts
    as that; one that it refused for another reason says nothing.
    """
    if provider.is_passed_over(event.esp_event):
        return None
    is_refused_as_spam = (event.event_type, event.reject_reason) == (
        EventType.REJECTED,
        RejectReason.SPAM,
    )
    if event.event_type == EventType.COMPLAINED or is_refused_as_spam:
        return EventKind.COMPLAINT
    if event.event_type in _FAILED and event.reject_reason in _NO_SUCH_ADDRESS:
        return EventKind.BOUNCE
    return None


def _is_old(event: Any) -> bool:
    """Return whether `event` is older than what is remembered, so that it may be a repetition."""
    return bool(event.timestamp and event.timestamp < timezone.now() - timedelta(days=KEPT_DAYS))


def _may_be_address(address: Any) -> bool:
    """Return whether the database can be asked for `address`: not for what it cannot store."""
    return isinstance(address, str) and len(address) <= LONGEST_ADDRESS and address.isprintable()
