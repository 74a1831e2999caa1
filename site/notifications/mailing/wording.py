"""Word a mail: its subject and heading, and what each of its rows says."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.markdown.html import plain

from ..kinds import Group, Way
from ..reading import InboxRow
from ..words import line_of

# Rows of one mail that are shown; a daily mail of a busy day links to the rest.
SHOWN = 20
# Characters; of one line of a list of mails, and of what stands in for a line without an end.
_SUBJECT, _LINE = 150, 1000


@dataclass(frozen=True)
class MailEntry:
    """What one row says: its line as HTML and as text, and the address it leads to.

    `name` is set where all rows of the mail are of one kind, so that their lines would be alike;
    `is_title` says that the heading says the line already.
    """

    line: str
    text: str
    url: str
    row: InboxRow
    name: str = ""
    is_title: bool = False

    @property
    def stance(self) -> Any:
        """The answer of the person the row tells of, if any."""
        return self.row.content.facts.get("stance") if self.row.content.person else None

    @property
    def note(self) -> str:
        """What a moderator adds."""
        return str(self.row.content.facts.get("note") or "")


@dataclass(frozen=True)
class MailSection:
    """Entries about one place; its title and address are empty where there is none."""

    title: str
    url: str
    entries: list[MailEntry]

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to say besides the heading."""
        said = (each.row.content.quote or each.note or not each.is_title for each in self.entries)
        return not any(said)


@dataclass(frozen=True)
class MailWords:
    """What a mail says, in the order in which it says it."""

    subject: str
    title: str
    mine: str
    sections: list[MailSection]
    more: int
    url: str
    act: str

    @property
    def is_list(self) -> bool:
        """Whether the button alone does not lead to everything."""
        return sum(len(section.entries) for section in self.sections) > 1

    @property
    def preview(self) -> str:
        """What a list of mails shows of the mail."""
        entry = self.sections[0].entries[0]
        quote = entry.row.content.quote
        said = f"{entry.name or entry.text}: “{quote}”" if quote else entry.text
        return said if said.startswith(self.title) else f"{self.title} · {said}"


def words_of(way: Way, rows: Sequence[InboxRow], *, has_inbox: bool = True) -> MailWords:
    """Return the words of a mail with `rows`, the oldest first.

    Several lead to the inbox, for a receiver who `has_inbox`, else to the first of them.
    """
    groups = {row.kind.group for row in rows}
    is_alike = len({row.kind for row in rows}) == 1 and all(map(_quotes_person, rows))
    is_title = len(rows) == 1 and way == Way.SOON and not is_alike
    shown = [_entry(row, is_alike, is_title) for row in rows[:SHOWN]]
    first = shown[0]
    place = first.row.content.place
    title = _title(way, rows, first)
    is_conversation = way == Way.SOON and place is not None and place.title
    mine = {row.content.facts.get("mine") for row in rows}
    group = groups.pop() if len(groups) == 1 and way == Way.SOON else None
    return MailWords(
        subject=one_line(place.title if place and is_conversation else title),
        title=title,
        mine=str(mine.pop() or "") if len(mine) == 1 else "",
        sections=_sections(shown),
        more=len(rows) - len(shown),
        url=first.url if way == Way.SOON or not has_inbox else absolute("/me/notifications/"),
        act=_act_of_kind(rows, group) if group else _act(len(rows), has_inbox=has_inbox),
    )


def _quotes_person(row: InboxRow) -> bool:
    """Return whether the person that the row tells of wrote what it quotes."""
    return bool(row.content.person and not row.content.facts.get("is_own_quote"))


def _act_of_kind(rows: Sequence[InboxRow], group: Group) -> str:
    """Return the words of the button of a mail with rows of one group."""
    return str((rows[0].kind.act if len(rows) == 1 else "") or group.act)


def _act(number: int, *, has_inbox: bool) -> str:
    """Return the words of the button of a mail with a `number` of rows."""
    if number == 1:
        return _("See it")
    return _("See them all") if has_inbox else _("See the first one")


def one_line(words: str) -> str:
    """Return `words` as a header may have them: on one line, without control characters."""
    visible = "".join(each if each.isprintable() else " " for each in words)
    return " ".join(visible.split())[:_SUBJECT]


def absolute(url: str) -> str:
    """Return the whole address of a page of this site."""
    return urljoin(f"{settings.SITE_URL}/", url)


def _title(way: Way, rows: Sequence[InboxRow], first: MailEntry) -> str:
    """Return the heading: what happened, or how much."""
    number = len(rows)
    if way == Way.DAILY:
        counted = ngettext("%(count)d notification today", "%(count)d notifications today", number)
    elif way == Way.WEEKLY:
        counted = ngettext(
            "%(count)d notification this week", "%(count)d notifications this week", number
        )
    elif number == 1:
        return first.text.removesuffix(".")
    else:
        counts = {id(row.kind.group): row.kind.group.count for row in rows}
        count = next(iter(counts.values())) if len(counts) == 1 else None
        if count:
            return str(count % {"count": number})
        counted = ngettext("%(count)d new notification", "%(count)d new notifications", number)
    return counted % {"count": number}


def _sections(entries: list[MailEntry]) -> list[MailSection]:
    """Return `entries` by place, the place of the first before others."""
    order: dict[Any, int] = {}
    for entry in entries:
        order.setdefault(_key(entry), len(order))
    by_place = groupby(sorted(entries, key=lambda each: order[_key(each)]), key=_key)
    found = [list(together) for _place, together in by_place]
    return [_section(together) for together in found]


def _section(together: list[MailEntry]) -> MailSection:
    place = together[0].row.content.place
    if place is None or not place.title:
        return MailSection("", "", together)
    return MailSection(place.title, absolute(place.url), together)


def _key(entry: MailEntry) -> Any:
    return entry.row.content.place and entry.row.content.place.key


def _entry(row: InboxRow, is_alike: bool, is_title: bool) -> MailEntry:
    line = line_of(row.kind, row.content)
    person = row.content.person if is_alike else None
    return MailEntry(
        line=line,
        text=plain(line, _LINE),
        url=absolute(row.content.url),
        row=row,
        name=person.display_name if person else "",
        is_title=is_title,
    )
