"""Export everybody who gets new articles by mail, as CSV that is made while it is sent.

Without an account, that is each address that has confirmed to follow. With one, only people who
chose to get articles of what they follow by mail: others gave their address to sign in. Left out
are addresses that take no mail, and people who are suspended. The columns are in the README.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from ..kinds import NotificationKind, Way, article_kinds, kind_of
from ..mailing import scopes, ways
from ..mailing.models import MailChoice, StoppedAddress
from ..models import Subscription
from ..targets import Key, type_of
from .cells import defused
from .offered import subscriptions

COLUMNS = ("email", "follows", "title", "since", "account", "consent_date", "consent_place")
# Rows of one query.
BATCH = 500
# Makes spreadsheets read UTF-8; programs that read CSV pass over it, ours too.
BYTE_ORDER_MARK = "\ufeff"


class _Line:
    """A file for the writer of CSV that gives each line back."""

    def write(self, line: str) -> str:
        """Return `line`."""
        return line


def as_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a CSV file, the byte order mark and the names of columns first."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    for row in rows:
        yield writer.writerow(row)


def export() -> Iterator[str]:
    """Yield the lines of the file, in a fixed number of queries for each `BATCH` of rows."""
    return as_lines(COLUMNS, (tuple(map(defused, row)) for row in _rows()))


def _rows() -> Iterator[tuple[Any, ...]]:
    kinds = [kind for name in article_kinds() if (kind := kind_of(name))]
    after = 0
    while batch := list(_active().filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = batch[-1].pk
        choices, stopped = _choices(batch), _stopped(batch)
        titles = titles_of(batch)
        for row in batch:
            address = _address(row, kinds, choices)
            if address and address.lower() not in stopped:
                yield _cells(row, address, titles)


def _active() -> Any:
    rows = subscriptions().active().select_related("user", "stated_consent")
    account = Q(user__is_active=True, user__erased_at=None, user__banned_at=None)
    confirmed = Q(user__emailaddress__verified=True, user__emailaddress__primary=True)
    return rows.filter(Q(user=None) | (account & confirmed)).distinct()


def _address(
    row: Subscription, kinds: Sequence[NotificationKind], choices: dict[int, ways.Choices]
) -> str:
    """Return the address to which `row` brings mail, empty for none."""
    if row.user is None:
        return row.address
    if row.user.is_suspended(timezone.now()):
        return ""
    chosen, about = choices.get(row.user.pk, {}), [(row.target, row.target_id)]
    chosen_ways = (ways.chosen_way_of(kind, about, chosen) or kind.group.mail for kind in kinds)
    is_mailed = any(way != Way.NONE for way in chosen_ways)
    return str(row.user.email or "") if is_mailed else ""


def _choices(batch: Sequence[Subscription]) -> dict[int, ways.Choices]:
    found: dict[int, dict[str, str]] = {}
    people = {row.user_id for row in batch if row.user_id}
    for person, scope, way in MailChoice.objects.filter(person__in=people).values_list(
        "person", "scope", "way"
    ):
        found.setdefault(person, {})[scope] = way
    return dict(found)


def _stopped(batch: Sequence[Subscription]) -> set[str]:
    own = {str(row.user.email or "").lower() for row in batch if row.user}
    addresses = own | {row.address for row in batch}
    rows = StoppedAddress.objects.annotate(lower=Lower("address")).filter(lower__in=addresses)
    return set(rows.values_list("lower", flat=True))


def titles_of(batch: Sequence[Subscription]) -> dict[tuple[str, Key], str]:
    """Return the titles of what is followed, as far as everybody may see it."""
    titles = {}
    for name in {row.target for row in batch}:
        type_ = type_of(name)
        keys = {Key(row.target_id, row.detail) for row in batch if row.target == name}
        found = type_.load(AnonymousUser(), list(keys)) if type_ else {}
        titles.update({(name, key): target.title for key, target in found.items()})
    return titles


def _cells(row: Subscription, address: str, titles: dict[tuple[str, Key], str]) -> tuple[Any, ...]:
    consent = getattr(row, "stated_consent", None)
    return (
        address,
        scopes.of_target(row.target, row.target_id),
        titles.get((row.target, Key(row.target_id, row.detail)), ""),
        row.created_at.date().isoformat(),
        "yes" if row.user_id else "no",
        consent.given_on.isoformat() if consent else "",
        consent.place if consent else "",
    )
