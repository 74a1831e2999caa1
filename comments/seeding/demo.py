"""Load the demonstration: accounts, publication, and discussions from `comments/seeding/data/`.

Discussions are written by the same actions that readers use, in order of time, so that every
derived figure is correct.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import Role, User
from notifications.kinds import NotificationKind
from notifications.models import Notification, Outgoing
from posts.importing.demo import load_publication
from posts.models import Post

from ..actions import reactions
from ..models import ChangeOfMind, Comment
from ..models.moderation import Decision
from ..notifications import CONFIRMED, CREDIT, DISPUTED, MENTION, REMOVED, REPLY
from ..ranking.tasks import rank
from .demo_discussion import AUTHOR, DemoDiscussion
from .demo_parts import Sequel, sealing_events

FOLDER = Path(__file__).with_name("data")
DOMAIN = "example.org"
# Minutes: part 2 comes out three weeks after part 1.
PART_TWO = 21 * 24 * 60


@dataclass(frozen=True)
class Account:
    """An account to sign in to; its handle names its role."""

    handle: str
    role: Role | None = None
    name: str = ""
    about: str = ""

    @property
    def email(self) -> str:
        """The e-mail address to sign in with."""
        return f"{self.handle}@{DOMAIN}"


ACCOUNTS = (
    Account("reader", about="Runs a print shop with five people in it. Changes his mind slowly."),
    Account(AUTHOR, Role.AUTHOR, "Ada Marsh", "I write for managers, and from what they answer."),
    Account("moderator", Role.MODERATOR),
    Account("admin", Role.ADMIN),
)


@transaction.atomic
def load_demonstration(password: str, now: datetime) -> Post:
    """Load accounts with `password`, the publication and its discussions, dated until `now`.

    Return the first post.
    """
    accounts = _create_all(password)
    author = accounts[AUTHOR]
    post = load_publication(author, now)
    assert post.published_at is not None
    User.objects.filter(pk__in=[person.pk for person in accounts.values()]).update(
        joined_at=post.published_at - timedelta(days=400)
    )
    found, closing = _read("discussion"), _read("closing")
    people = accounts | {row["handle"]: _reader(row, post.published_at) for row in found["readers"]}
    first = DemoDiscussion(people, found)
    first.open(post)
    second = DemoDiscussion(people, _read("part_two"), starts=PART_TWO)
    events = [
        *sealing_events(author, post, found["sealed"]),
        *first.events(),
        *first.closing_events(closing["closings"]),
        *Sequel(author, first, second).events(),
        *second.events(),
    ]
    for event in sorted(events):
        event.act(post.published_at + timedelta(minutes=event.minute))
    _date_notifications()
    Outgoing.objects.all().delete()  # what happened weeks ago is no news to mail
    reactions.settle_due(now)
    for discussion in (first, second):
        rank(discussion.post, now)
    return post


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _create_all(password: str) -> dict[str, User]:
    """Create the users of `ACCOUNTS` and return them by handle.

    The password is hashed once for all of them: hashing is meant to take long.
    """
    hashed = make_password(password)
    return {account.handle: _create(account, hashed) for account in ACCOUNTS}


def _create(account: Account, hashed: str) -> User:
    """Create and return the user of `account`, with a verified e-mail address."""
    person = User.objects.create_user(
        account.email,
        account.handle,
        None,
        name=account.name,
        about=account.about,
        is_demo=True,
    )
    person.password = hashed
    person.save(update_fields=["password"])
    person.verify_email()
    if account.role:
        person.role_grants.create(role=account.role)
    return person


def _reader(row: dict[str, Any], published_at: datetime) -> User:
    """Create and return a sample reader, who has no password or e-mail address."""
    return User.objects.create_user(
        None,
        row["handle"],
        name=row["name"],
        # Demonstration accounts are not newcomers, but the comments of two readers are to be held.
        is_demo=not row.get("newcomer", False),
        joined_at=published_at - timedelta(days=row["joined_days_before"]),
    )


def _date_notifications() -> None:
    """Date each notification with its event: a publication, a credit, its answer, a decision."""
    for times, kinds in _TIMES.items():
        model, column = times
        happened = model.objects.filter(pk=OuterRef("subject_id")).values(column)[:1]
        rows = Notification.objects.filter(kind__in=[kind.name for kind in kinds])
        rows.update(created_at=Subquery(happened))


# The kinds that the demonstration causes, by where the time of their event is.
_TIMES: dict[tuple[Any, str], tuple[NotificationKind, ...]] = {
    (Comment, "published_at"): (REPLY, MENTION),
    (ChangeOfMind, "created_at"): (CREDIT,),
    (ChangeOfMind, "confirmed_at"): (CONFIRMED,),
    (ChangeOfMind, "disputed_at"): (DISPUTED,),
    (Decision, "decided_at"): (REMOVED,),
}
