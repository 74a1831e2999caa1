"""Compose one mail of rows of the outbox, with the headers of a list and of a conversation.

`List-Unsubscribe` with `List-Unsubscribe-Post` (RFC 8058) lets mail programs end the scope of the
mail in one press. `References` name the discussion, so that its mails are one conversation; no mail
has that id itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation

from publication import current
from publication.mail.layout import lay_out

from ..following import links, listing
from ..kinds import Way
from ..models import Subscription
from ..reading import InboxRow
from . import scopes, ways
from .models import DropReason, Outgoing
from .planning import why_dropped
from .reading import contents_of
from .receivers import Receiver, key_of, receiver_of
from .scopes import MailLink
from .wording import MailWords, absolute, one_line, words_of


@dataclass(frozen=True)
class ComposedMail:
    """A mail that is ready, None if nothing of it may be sent, and the rows it leaves out."""

    message: EmailMultiAlternatives | None
    dropped: dict[int, DropReason] = field(default_factory=dict)


def compose(mail: UUID, rows: Sequence[Outgoing]) -> ComposedMail:
    """Return the mail with the id `mail` of `rows`, with the words that they have now."""
    receiver = receiver_of(key_of(rows[0]))
    with timezone.override(receiver.zone), translation.override(current.current().language):
        contents = contents_of(receiver, rows)
        dropped = {
            row.pk: reason
            for row in rows
            if (reason := why_dropped(receiver, row, contents.get(row.pk)))
        }
        sent = [row for row in rows if row.pk not in dropped]
        if not sent:
            return ComposedMail(None, dropped)
        said = [contents[row.pk] for row in sent]
        return ComposedMail(_message(mail, receiver, sent, said), dropped)


def _message(
    mail: UUID,
    receiver: Receiver,
    rows: Sequence[Outgoing],
    said: Sequence[InboxRow],
) -> EmailMultiAlternatives:
    """Return the mail in the language and zone that are active."""
    way = Way(rows[0].way)
    words = words_of(way, said, has_inbox=rows[0].person_id is not None)
    stop = _stop_link(rows, said, receiver.choices or {})
    text, html = lay_out("mail/notifications", _context(way, words, said, stop, rows[0]))
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=text,
        from_email=get_adapter().get_from_email(),
        to=[receiver.address],
        headers=_headers(mail, way, said, scopes.address_of(stop)),
    )
    message.attach_alternative(html, "text/html")
    return message


def _context(
    way: Way, words: MailWords, said: Sequence[InboxRow], stop: MailLink, row: Outgoing
) -> dict[str, Any]:
    group, place = said[0].kind.group, said[0].content.place
    is_one = len({row.kind.group for row in said}) == 1
    stop_url = scopes.address_of(stop)
    context: dict[str, Any] = {
        "words": words,
        "title": words.title,
        "preview": words.preview,
        "is_soon": way == Way.SOON,
        "reason": group.reason if is_one else "",
        "stop_url": stop_url,
        "ends": _ends(stop),
        "settings_url": absolute(_settings_path(row)),
    }
    if stop.person and way == Way.SOON and not group.about_oneself:
        context["daily_url"] = f"{stop_url}?{urlencode({'way': Way.DAILY})}"
        if place and place.targets:
            here = MailLink(stop.person, scopes.of_target(*place.targets[0]))
            context["here_url"] = scopes.address_of(here)
    return context


def _settings_path(row: Outgoing) -> str:
    """Return where a person chooses ways, or where an address sees and ends what it follows."""
    if row.person_id is None:
        return links.to_list_of(row.subscription_id or 0)
    return reverse("notifications:mail-settings")


def _stop_link(
    rows: Sequence[Outgoing], said: Sequence[InboxRow], choices: ways.Choices
) -> MailLink:
    """Return what the mail's own link ends: groups, or the subscriptions of an address.

    Kinds, if one of them has a way of its own, which counts before that of its group.
    """
    person = rows[0].person_id
    if person is None:
        return MailLink(0, scopes.of_subscription(*(row.subscription_id or 0 for row in rows)))
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
