"""Write every mail of a furnished site to files, as text and as HTML; runs inside the site."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings

from notifications import kinds
from notifications.kinds import Way
from notifications.mailing import outbox, ways
from notifications.mailing.composing import compose
from notifications.models import Notification

_ACCOUNT = (
    *("email_confirmation", "login_code", "password_reset_key", "account_already_exists"),
    *("account_changed", "account_admitted", "account_declined"),
)


def write(folder: str) -> None:
    """Write `<name>.html` and `<name>.txt` of each mail into `folder`."""
    Notification.objects.update(read_at=None)
    for name, message in (*_of_each_kind(), *_together(), *_of_accounts()):
        ((html, _kind),) = message.alternatives
        headers = "".join(f"{key}: {value}\n" for key, value in message.message().items())
        path = Path(folder) / name
        path.with_suffix(".html").write_text(html, encoding="utf-8")
        path.with_suffix(".txt").write_text(f"{headers}\n{message.body}", encoding="utf-8")


def _of_each_kind() -> Iterator[tuple[str, Any]]:
    """Yield the mail of the newest notification of each kind that says anything."""
    for kind in kinds.registered():
        rows = Notification.objects.filter(kind=kind.name).order_by("-pk")
        made = (_mail(Way.SOON, [row]) for row in rows[:5])
        message = next((each for each in made if each is not None), None)
        if message is not None:
            yield f"one-{kind.name}", message


def _together() -> Iterator[tuple[str, Any]]:
    """Yield a mail of several replies, and the daily and weekly one of the person with most."""
    ordered = Notification.objects.order_by("recipient_id", "-pk")
    by_person = [list(rows) for _who, rows in groupby(ordered, key=lambda row: row.recipient_id)]
    most = max(by_person, key=len)
    replies = max(([row for row in rows if row.kind == "reply"] for rows in by_person), key=len)
    for name, way, rows in (
        ("several-replies", Way.SOON, replies[:3]),
        ("daily", Way.DAILY, most[:30]),
        ("weekly", Way.WEEKLY, most[:8]),
    ):
        message = _mail(way, rows)
        if message is not None:
            yield name, message


def _of_accounts() -> Iterator[tuple[str, Any]]:
    """Yield the mails of signing up and in, with all that their templates ask for."""
    context = {
        "current_site": {"domain": urlsplit(settings.SITE_URL).netloc},
        "code": "K7QW-X3DM",
        "password_reset_url": f"{settings.SITE_URL}/accounts/password/reset/key/2-abc/",
        "url": f"{settings.SITE_URL}/restoration/MTM6Y2Fu/",
        "changes": ["Your password was changed.", "An authenticator app was added."],
        "note": "We could not find the course you name.",
        "waits": False,
    }
    for name in _ACCOUNT:
        prefix = f"account/email/{name}"
        yield f"account-{name}", get_adapter().render_mail(prefix, "reader@example.org", context)


def _mail(way: Way, told: Sequence[Notification]) -> Any:
    """Return the mail of notifications of one person, None if it says nothing."""
    rows = []
    for each in told:
        kind = kinds.kind_of(each.kind)
        assert kind is not None
        ways.choose(each.recipient, f"group:{kind.group.name}", Way.SOON)
        now = each.created_at
        row = outbox.row_for(kind, each.recipient_id, each.subject_id, each.target_id or 0, now)
        row.way = way
        rows.append(row)
    for number, row in enumerate(rows):
        row.pk = -number - 1
    return compose(uuid4(), rows).message
