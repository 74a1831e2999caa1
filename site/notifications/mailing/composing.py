"""Compose one mail of rows of the outbox, with the headers of a list and of a conversation.

`List-Unsubscribe` with `List-Unsubscribe-Post` (RFC 8058) lets mail programs end the scope of the
mail in one press. `References` name the discussion, so that its mails are one conversation; no mail
has that id itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from publication import current
from publication.mail.layout import lay_out

from ..following import links, listing
from ..following.letters import Letter, LetterLinks, LetterReason, writer_of
from ..kinds import Way, kind_of
from ..models import Subscription
from ..reading import InboxRow
from . import scopes, ways
from .models import DropReason, Outgoing
from .planning import why_dropped
from .reading import contents_of, contents_of_issues
from .receivers import Receiver, ReceiverKey, key_of, receiver_of, receivers_of
from .scopes import MailLink
from .wording import MailWords, absolute, one_line, words_of


@dataclass(frozen=True)
class ComposedMail:
    """A mail that is ready, None if nothing of it may be sent, and the rows it leaves out."""

    message: EmailMultiAlternatives | None
    dropped: dict[int, DropReason] = field(default_factory=dict)


class IssuesRead(NamedTuple):
    """What decides about some issues, read together: the rows by mail, receivers and contents."""

    rows: Mapping[UUID, Outgoing]
    receivers: Mapping[ReceiverKey, Receiver]
    contents: Mapping[int, InboxRow]


NONE_READ = IssuesRead({}, {}, {})
# How often a gathered mail comes, at its foot.
_OFTEN: dict[Way, Any] = {
    Way.DAILY: _("One such e-mail comes a day at most."),
    Way.WEEKLY: _("One such e-mail comes a week at most."),
}


def read_issues(rows: Iterable[Outgoing]) -> IssuesRead:
    """Read what decides about those of `rows` that are sent as issues, in a few queries."""
    issues = {row.mail: row for row in rows if row.mail and _is_letter(row)}
    if not issues:
        return NONE_READ
    each = list(issues.values())
    return IssuesRead(issues, receivers_of({key_of(row) for row in each}), contents_of_issues(each))


def compose(mail: UUID, rows: Sequence[Outgoing], ahead: IssuesRead = NONE_READ) -> ComposedMail:
    """Return the mail with the id `mail` of `rows`, with the words that they have now.

    What was read `ahead` of an issue is not read again, but for the words of the issue itself.
    """
    key = key_of(rows[0])
    is_read = mail in ahead.rows
    receiver = ahead.receivers[key] if is_read else receiver_of(key)
    with timezone.override(receiver.zone), translation.override(current.current().language):
        contents = ahead.contents if is_read else contents_of(receiver, rows)
        dropped = {
            row.pk: reason
            for row in rows
            if (reason := why_dropped(receiver, row, contents.get(row.pk)))
        }
        sent = [row for row in rows if row.pk not in dropped]
        if not sent:
            return ComposedMail(None, dropped)
        said = [contents[row.pk] for row in sent]
        message = _message(mail, receiver, sent, said)
        if message is None:
            dropped |= {row.pk: DropReason.GONE for row in sent}
        return ComposedMail(message, dropped)


def _message(
    mail: UUID,
    receiver: Receiver,
    rows: Sequence[Outgoing],
    said: Sequence[InboxRow],
) -> EmailMultiAlternatives | None:
    """Return the mail in the language and zone that are active, None for an issue that is gone."""
    way = Way(rows[0].way)
    stop = _stop_link(rows, said, receiver.choices or {})
    writer = writer_of(rows[0].target) if _is_letter(rows[0]) else None
    if writer is not None:
        letter = writer(*_issue(rows[0], said[0], stop))
    else:
        letter = _notifications(way, said, stop, rows[0])
    if letter is None:
        return None
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=get_adapter().get_from_email(),
        to=[receiver.address],
        headers=_headers(mail, way, said, scopes.address_of(stop)),
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def _issue(row: Outgoing, said: InboxRow, stop: MailLink) -> tuple[int, LetterReason, LetterLinks]:
    """Return what is needed to write the issue that `row` is."""
    kind = kind_of(row.kind) or said.kind
    reason = LetterReason(kind, next(iter(scopes.subscriptions_of(row.scope)), 0), said.content)
    daily, _here = _other_ways(said, stop)
    links = LetterLinks(scopes.address_of(stop), absolute(_settings_path(row)), daily)
    return row.issue or 0, reason, links


def _is_letter(row: Outgoing) -> bool:
    """Return whether `row` is sent by itself, as an issue, and not as a line of a daily mail."""
    return row.issue is not None and row.way == Way.SOON


def _notifications(way: Way, said: Sequence[InboxRow], stop: MailLink, row: Outgoing) -> Letter:
    """Return the letter that says what has happened."""
    words = words_of(way, said, has_inbox=row.person_id is not None)
    return Letter(
        words.subject, *lay_out("mail/notifications", _context(way, words, said, stop, row))
    )


def _context(
    way: Way, words: MailWords, said: Sequence[InboxRow], stop: MailLink, row: Outgoing
) -> dict[str, Any]:
    group = said[0].kind.group
    is_one = len({row.kind.group for row in said}) == 1
    daily, here = _other_ways(said[0], stop) if way == Way.SOON else ("", "")
    return {
        "words": words,
        "title": words.title,
        "preview": words.preview,
        "is_soon": way == Way.SOON,
        "reason": " ".join(map(str, filter(None, [is_one and group.reason, _OFTEN.get(way)]))),
        "stop_url": scopes.address_of(stop),
        "ends": _ends(stop),
        "settings_url": absolute(_settings_path(row)),
        "daily_url": daily,
        "here_url": here,
    }


def _other_ways(said: InboxRow, stop: MailLink) -> tuple[str, str]:
    """Return where a person gets mail about it once a day instead, and none about its article."""
    group, place = said.kind.group, said.content.place
    if not stop.person or group.about_oneself:
        return "", ""
    whole = MailLink(stop.person, scopes.of_groups([group]))
    link = whole if scopes.subscriptions_of(stop.scope) else stop
    daily = f"{scopes.address_of(link)}?{urlencode({'way': Way.DAILY})}"
    if place is None or not place.targets:
        return daily, ""
    here = MailLink(stop.person, scopes.of_target(*place.targets[0]))
    return daily, scopes.address_of(here)


def _settings_path(row: Outgoing) -> str:
    """Return where a person chooses ways, or where an address sees and ends what it follows."""
    if row.person_id is None:
        return links.to_list_of(row.subscription_id or 0)
    return reverse("notifications:mail-settings")


def _stop_link(
    rows: Sequence[Outgoing], said: Sequence[InboxRow], choices: ways.Choices
) -> MailLink:
    """Return what the mail's own link ends: groups, or the subscriptions of an address.

    Kinds, if one of them has a way of its own, which counts before that of its group. The link of
    an issue ends the subscription that it is sent for.
    """
    person = rows[0].person_id
    if person is None:
        return MailLink(0, scopes.of_subscription(*(row.subscription_id or 0 for row in rows)))
    if _is_letter(rows[0]):
        return MailLink(person, rows[0].scope)
    kinds = {each.kind for each in said}
    if any(ways.has_own(kind, choices) for kind in kinds):
        return MailLink(person, scopes.of_kinds(kinds))
    return MailLink(person, scopes.of_groups(kind.group for kind in kinds))


def _ends(stop: MailLink) -> list[tuple[str, str]]:
    """Return what ends each of several subscriptions: its title, and the address of the link."""
    ids = scopes.subscriptions_of(stop.scope)
    if len(ids) < 2:
        return []
    found = listing.followed(Subscription.objects.filter(pk__in=ids), AnonymousUser())
    return [
        (
            each.target.title if each.target else str(each.type.label),
            scopes.address_of(MailLink(0, scopes.of_subscription(each.subscription.pk))),
        )
        for each in found
    ]


def _headers(mail: UUID, way: Way, said: Sequence[InboxRow], stop_url: str) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    group = said[0].kind.group
    listed = str(way) if way != Way.SOON else group.name
    headers = {
        "Message-ID": f"<{mail.hex}@{host}>",
        "List-Id": formataddr((one_line(current.current().name), f"{listed}.{host}")),
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    place = said[0].content.place
    if way == Way.SOON and place and place.targets:
        kind, key = place.targets[0]
        root = f"<{kind}-{key}@{host}>"
        headers |= {"In-Reply-To": root, "References": root}
    return headers
