"""List the addresses that follow without an account, what they follow and where they stand.

People with an account are not in the list: they gave their address to sign in, and choose on their
own pages what they get.
"""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Q, Subquery, TextChoices
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..mailing.models import StopCause, StoppedAddress
from ..models import Subscription
from ..targets import Key
from .exporting import titles_of
from .offered import subscriptions

# Rows of a page.
PAGE = 50


class Standing(TextChoices):
    """Where an address stands with what it follows."""

    CONFIRMED = "confirmed", _("confirmed")
    WAITING = "waiting", _("waits for its confirmation")
    STOPPED = "stopped", _("gets nothing")


@dataclass(frozen=True)
class Follower:
    """An address and one thing that it follows; `why` says why it gets nothing."""

    row: Subscription
    title: str
    standing: Standing
    why: str


def followers() -> Any:
    """Return the subscriptions of addresses without an account, with the cause of stopped mail."""
    stopped = StoppedAddress.objects.annotate(lower=Lower("address"))
    cause = Subquery(stopped.filter(lower=OuterRef("address")).values("cause")[:1])
    return subscriptions().exclude(address="").annotate(cause=cause)


def page_of(asked: QueryDict) -> "Page[Any]":
    """Return the page that the query parameters ask for, as `Follower`s; the nearest there is.

    `q` is a part of the address, `state` a `Standing`, `page` a number from 1.
    """
    rows = _standing(followers(), asked.get("state", ""))
    if wanted := asked.get("q", "").replace("\0", "").strip().lower():
        rows = rows.filter(address__contains=wanted)
    paginator: Paginator[Any] = Paginator(rows.order_by("-created_at", "-pk"), PAGE)
    page = paginator.get_page(asked.get("page"))
    found = list(page.object_list)
    titles = titles_of(found)
    page.object_list = [_follower(row, titles) for row in found]
    return page


def _standing(rows: Any, state: str) -> Any:
    if state == Standing.CONFIRMED:
        return rows.active().filter(cause=None)
    if state == Standing.WAITING:
        return rows.waiting().filter(cause=None)
    if state == Standing.STOPPED:
        return rows.filter(Q(ended_at__isnull=False) | Q(cause__isnull=False))
    return rows


def _follower(row: Any, titles: dict[tuple[str, Key], str]) -> Follower:
    title = titles.get((row.target, Key(row.target_id, row.detail)), "")
    if row.ended_at is not None:
        return Follower(row, title, Standing.STOPPED, str(_("it no longer follows this")))
    if row.cause is not None:
        return Follower(row, title, Standing.STOPPED, str(StopCause(row.cause).label))
    standing = Standing.WAITING if row.confirmed_at is None else Standing.CONFIRMED
    return Follower(row, title, standing, "")
