"""Read a file of addresses that somebody sent: CSV in UTF-8, with a first row that names columns.

Nothing in it is trusted. A file that cannot be read as a whole is refused with a sentence; a row
that is wrong is read as such, and left out with its reason.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from core import limits
from core.exceptions import ActionRefused

from ..following.forms import AddressRefused, checked_address
from .cells import restored
from .models import ADDRESS_LENGTH, PLACE_LENGTH, ColumnUse, LeftOut
from .statements import Status, is_filled, is_no, is_out, is_place, status_of

# The name of the column of addresses in our own files.
ADDRESS_COLUMN = "email"
# What columns are called, in small letters and without separators; others are not read. Lists of
# other programs have a postal address beside that of e-mail.
_ADDRESS, _ADDRESS_ELSE = {"email", "emailaddress", "useremailaddress"}, {"address", "mail"}
_DATE = {"consentdate", "consentedon", "consenton", "consentedat"}
_PLACE = {"consentplace", "consentsource", "consent", "consentedwhere"}
# Mailchimp: when somebody signed up by a form, and when that was confirmed. The second alone is the
# time of an import, which states no consent.
_SIGN_UP, _CONFIRMED = {"optintime"}, {"confirmtime"}
SIGN_UP_PLACE = "Mailchimp: signed up by a form, and confirmed"
# Substack, Ghost: when a row was made, by whomever.
_SINCE = {"createdat", "startdate", "subscriptioncreatedat", "subscribedat"}
# Columns by which a list says that somebody gets no e-mail: if it is filled, if it is filled with
# anything but a no, or if it is a no.
_OUT_IF_FILLED = {"unsubtime", "unsubscribedat", "cleantime", "deletedat"}
_OUT_UNLESS_NO = {"emaildisabled", "unsubscribed", "optedout", "optout", "bounced", "complained"}
_OUT_IF_NO = {"subscribedtoemails", "subscribed"}
_STATUS = {"status", "subscriptionstatus", "subscriberstatus", "memberstatus", "emailstatus"}
_SEPARATORS = ",;\t"
# Columns of a list of subscribers of any program; characters of a cell that is worth reading.
COLUMNS = 100
CELL = 10_000
# The first year in which anybody can have agreed to get e-mail.
_FIRST_YEAR = 1990
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class ReadRow:
    """A row of the file: the line it begins on, what it says, and why it is left out, if so."""

    line: int
    address: str
    consent_on: date | None = None
    consent_place: str = ""
    reason: LeftOut | None = None


@dataclass(frozen=True)
class _Columns:
    """The numbers of the columns that are read."""

    address: int
    date: int | None
    place: int | None
    sign_up: tuple[int, int] | None
    plain: list[str]
    uses: list[tuple[str, ColumnUse]]

    @property
    def count(self) -> int:
        """The number of the columns."""
        return len(self.plain)


@dataclass(frozen=True)
class _Addresses:
    """The addresses of the rows that were read, and what any row of them says for all."""

    taken: set[str] = field(default_factory=set)
    out: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)


class ReadFile(NamedTuple):
    """The rows of a file, none of them empty, and the names of its columns with their uses."""

    rows: list[ReadRow]
    columns: list[tuple[str, ColumnUse]]


def read(data: bytes) -> ReadFile:
    """Return what the file `data` says.

    Raises ActionRefused for what is no such file, or has more than `limits.SUBSCRIBER_ROWS` rows.
    """
    found: list[ReadRow] = []
    known = _Addresses()
    try:
        lines = _lines(_text(data))
        first = next(lines, None)
        if first is None:
            raise ActionRefused(_("The file is empty."))
        columns = _columns(first[1])
        for line, cells in lines:
            if len(found) >= limits.SUBSCRIBER_ROWS:
                raise ActionRefused(
                    _("The file has more than %(limit)d rows. Please split it.")
                    % {"limit": limits.SUBSCRIBER_ROWS}
                )
            found.append(_row(line, cells, columns, known))
    except csv.Error:
        raise ActionRefused(_not_csv()) from None
    if not found:
        raise ActionRefused(_("The file has column names, but no row below them."))
    return ReadFile([_settled(row, known) for row in found], columns.uses)


def _text(data: bytes) -> str:
    """Return the text of the file, without a byte order mark."""
    if data.startswith(_UTF16) or b"\0" in data:
        raise ActionRefused(_not_text())
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ActionRefused(_not_text()) from None


def _not_text() -> str:
    return _("This file is not text in UTF-8. In your program, save it as “CSV UTF-8”.")


def _not_csv() -> str:
    return _("This file cannot be read as CSV: perhaps a quotation mark is missing.")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the line on which it begins.

    Raises csv.Error for quotation marks that do not match, and for a cell of more than `CELL`.
    """
    header = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for cells in rows:
        if any(len(cell) > CELL for cell in cells):
            raise csv.Error
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = rows.line_num + 1


def _columns(names: list[str]) -> _Columns:
    """Return which columns are read; raises ActionRefused without one of addresses, or with two."""
    if len(names) > COLUMNS:
        raise ActionRefused(_("The file has more than %(limit)d columns.") % {"limit": COLUMNS})
    plain = [re.sub(r"[\s_-]+", "", restored(name).strip().lower()) for name in names]

    def places(wanted: set[str]) -> list[int]:
        return [place for place, name in enumerate(plain) if name in wanted]

    addresses = places(_ADDRESS) or places(_ADDRESS_ELSE)
    dates, consents = places(_DATE), places(_PLACE)
    if len(addresses) != 1 or len(dates) > 1 or len(consents) > 1:
        raise ActionRefused(
            _(
                "The first row has to name the columns: “%(address)s” once, and if you know them "
                "“consent_date” and “consent_place”."
            )
            % {"address": ADDRESS_COLUMN}
        )
    signed_up, confirmed = places(_SIGN_UP)[:1], places(_CONFIRMED)[:1]
    is_stated = bool(signed_up and confirmed and not dates)
    return _Columns(
        addresses[0],
        dates[0] if dates else None,
        consents[0] if consents else None,
        (signed_up[0], confirmed[0]) if is_stated else None,
        plain,
        [
            (_shown(restored(name)), _use(each, place == addresses[0], is_stated))
            for place, (name, each) in enumerate(zip(names, plain, strict=True))
        ],
    )


def _use(plain: str, is_address: bool, is_stated: bool) -> ColumnUse:
    """Return what is read from the column called `plain`."""
    if is_address:
        return ColumnUse.ADDRESS
    uses = {
        ColumnUse.DATE: _DATE,
        ColumnUse.PLACE: _PLACE,
        ColumnUse.SIGN_UP: _SIGN_UP | _CONFIRMED if is_stated else set(),
        ColumnUse.OUT: _OUT_IF_FILLED | _OUT_UNLESS_NO | _OUT_IF_NO | _STATUS,
        ColumnUse.SINCE: _SINCE | _SIGN_UP | _CONFIRMED,
    }
    return next((use for use, names in uses.items() if plain in names), ColumnUse.UNREAD)


def _row(line: int, cells: list[str], columns: _Columns, known: _Addresses) -> ReadRow:
    """Return one row; its address, and what it says of that, joins what is `known`."""
    typed = _cell(cells, columns.address)
    try:
        address = checked_address(typed)
    except AddressRefused:
        return ReadRow(line, _shown(typed), reason=LeftOut.ADDRESS)
    status = _status(cells, columns)
    if status == Status.OUT:
        known.out.add(address)
    elif status == Status.UNSURE:
        known.unsure.add(address)
    if any(cell.strip() for cell in cells[columns.count :]):
        return ReadRow(line, address, reason=LeftOut.CELLS)
    if address in known.taken:
        return ReadRow(line, address, reason=LeftOut.DOUBLE)
    written = _cell(cells, columns.date)
    consent_on = _day(written)
    if written and consent_on is None and status != Status.OUT:
        return ReadRow(line, address, reason=LeftOut.DATE)
    known.taken.add(address)
    if columns.sign_up is not None:
        days = [_day(_cell(cells, place)) for place in columns.sign_up]
        return (
            ReadRow(line, address, days[1], SIGN_UP_PLACE) if all(days) else ReadRow(line, address)
        )
    place = _shown(_cell(cells, columns.place))
    return ReadRow(line, address, consent_on, place[:PLACE_LENGTH] if is_place(place) else "")


def _settled(row: ReadRow, known: _Addresses) -> ReadRow:
    """Return `row` with what other rows of its address say: "out" in any of them counts for all."""
    if row.reason != LeftOut.ADDRESS and row.address in known.out:
        return ReadRow(row.line, row.address, reason=LeftOut.OUT)
    if row.reason is None and row.address in known.unsure:
        return ReadRow(row.line, row.address)
    return row


def _status(cells: list[str], columns: _Columns) -> Status:
    """Return what the row says of its subscriber, in all of its columns."""
    said = [(name, _cell(cells, place)) for place, name in enumerate(columns.plain)]
    status = status_of(cell for name, cell in said if name in _STATUS)
    if status == Status.OUT or any(_says_out(name, cell) for name, cell in said):
        return Status.OUT
    refused = any(name in _PLACE and is_no(cell) for name, cell in said)
    return Status.UNSURE if refused else status


def _says_out(name: str, cell: str) -> bool:
    """Return whether the `cell` of the column called `name` says that no e-mail is wanted."""
    if name in _OUT_IF_FILLED:
        return bool(cell)
    if name in _OUT_UNLESS_NO:
        return is_filled(cell)
    return is_out(cell) if name in _PLACE else name in _OUT_IF_NO and (is_no(cell) or is_out(cell))


def _cell(cells: list[str], place: int | None) -> str:
    """Return a cell without spaces around it, empty where there is none."""
    return restored(cells[place].strip(" ")) if place is not None and place < len(cells) else ""


def _shown(cell: str) -> str:
    """Return a cell on one line, without characters that cannot be seen."""
    visible = "".join(each if each.isprintable() else " " for each in cell)
    return " ".join(visible.split())[:ADDRESS_LENGTH]


def _day(written: str) -> date | None:
    """Return a day that is written as 2026-01-31, also with a time behind; None for any other."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?", written, re.ASCII):
        return None
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR and day <= timezone.localdate() else None
