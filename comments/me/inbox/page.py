"""A page of the inbox: unread notifications first, gathered by post."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from core import limits
from notifications import kinds, reading
from notifications.kinds import Group, Place
from notifications.models import Notification, NotificationQuerySet
from notifications.reading import InboxRow

from ...listing.cursors import FlatCursor
from ...notifications import CREDIT
from ..own_comments import rows_after
from . import account, changes, comments, publications, summaries  # noqa: F401  (they load the contents)


@dataclass(frozen=True)
class Gathered:
    """Notifications about one place, the newest first; without a place those about the account."""

    place: Place | None
    rows: list[InboxRow]


@dataclass(frozen=True)
class Start:
    """Where a page begins: in the unread notifications, or in those that are read.

    Both are None for the first page; `group` is the chosen kinds, None for all.
    """

    unread: FlatCursor | None = None
    read: FlatCursor | None = None
    group: Group | None = None

    @property
    def is_first(self) -> bool:
        """Whether it is the first page."""
        return self.unread is None and self.read is None


@dataclass(frozen=True)
class Inbox:
    """A page of the inbox.

    `newest` is the id of the newest unread notification on it, 0 for none; `gone` says whether one
    of the unread is about something that the person cannot read any more.
    """

    unread: list[Gathered]
    earlier: list[Gathered]
    newest: int
    gone: bool
    next_page_url: str | None

    @classmethod
    def of(cls, person: User, start: Start, apart: Collection[int] = ()) -> "Inbox":
        """Return the page of `person` that begins at `start`, in a fixed number of queries.

        It leaves out the credits with the ids `apart`, which wait for an answer above the list.
        """
        size = limits.THREADS_PER_PAGE
        mine = _chosen(person, start.group)
        unread = [] if start.read else _page(mine.unread(), start.unread, size)
        fits = len(unread) <= size
        earlier = _page(mine.read(), start.read, size) if fits else []
        shown = unread[:size]
        rows = reading.read(person, [*shown, *earlier[:size]])
        new = [row for row in rows if row.is_unread]
        return cls(
            unread=_gathered([row for row in new if not _is_credit_among(row, apart)]),
            earlier=_gathered([row for row in rows if not row.is_unread]),
            newest=max((row.pk for row in shown), default=0),
            gone=len(new) < len(shown),
            next_page_url=_next(start.group, "after", earlier, size)
            if fits
            else _next(start.group, "unread", unread, size),
        )


def group_called(name: str) -> Group | None:
    """Return the group of kinds called `name`; None for all, and for a name that is none."""
    return next((group for group in kinds.groups() if group.name == name), None)


def _chosen(person: User, group: Group | None) -> NotificationQuerySet:
    rows = Notification.objects.filter(recipient=person).order_by("-created_at", "-id")
    return rows.filter(kind__in=kinds.names_in(group)) if group else rows


def _page(rows: NotificationQuerySet, after: FlatCursor | None, size: int) -> list[Notification]:
    """Return the `rows` behind `after`, and one more than `size` if there are more."""
    return list(rows_after(rows, after, "created_at")[: size + 1])


def _gathered(rows: list[InboxRow]) -> list[Gathered]:
    """Return `rows` by place, the place with the newest row first."""
    order: dict[Any, int] = {}
    for row in rows:
        order.setdefault(_key(row), len(order))
    by_place = groupby(sorted(rows, key=lambda row: order[_key(row)]), key=_key)
    found = [list(together) for _key, together in by_place]
    return [Gathered(together[0].content.place, together) for together in found]


def _is_credit_among(row: InboxRow, ids: Collection[int]) -> bool:
    return row.kind == CREDIT and row.notification.subject_id in ids


def _key(row: InboxRow) -> Any:
    return row.content.place and row.content.place.key


def _next(group: Group | None, name: str, rows: list[Notification], size: int) -> str | None:
    """Return the address of the page behind the first `size` of `rows`; None without more."""
    if len(rows) <= size:
        return None
    last = rows[size - 1]
    asked = {name: FlatCursor(last.created_at, last.pk)} | ({"kind": group.name} if group else {})
    return f"{reverse('comments:me')}?{urlencode(asked)}"
