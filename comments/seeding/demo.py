"""Load the demonstration: accounts, publication, and a discussion from `comments/seeding/data/`.

The discussion is written by the same actions that readers use, in order of time, so that every
derived figure is correct.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import Role, User
from notifications.models import Notification
from posts.importing.demo import load_publication
from posts.models import Post, Stance

from ..actions import steelmen
from ..actions.comments import Draft, answer_question, delete_comment, post_comment
from ..actions.edits import edit_comment
from ..actions.reactions import press
from ..closings.judging import judge, newest
from ..closings.writing import ClosingDraft, write
from ..models import Comment
from ..moderation import actions as moderating
from ..ranking.tasks import rank

FOLDER = Path(__file__).with_name("data")
DOMAIN = "example.org"
AUTHOR = "author"
# Keys of comments that are later deleted or removed.
_UNREADABLE_KEYS = {"deleted_after", "removed"}


@dataclass(frozen=True)
class Account:
    """An account to sign in to; its handle names its role."""

    handle: str
    role: Role | None = None
    name: str = ""

    @property
    def email(self) -> str:
        """The e-mail address to sign in with."""
        return f"{self.handle}@{DOMAIN}"


ACCOUNTS = (
    Account("reader"),
    Account(AUTHOR, Role.AUTHOR, "Ada Marsh"),
    Account("moderator", Role.MODERATOR),
    Account("admin", Role.ADMIN),
)


@dataclass(order=True)
class Event:
    """An action in the discussion, `minute` minutes after the publication of the article."""

    minute: float
    act: Callable[[datetime], object] = field(compare=False)


@transaction.atomic
def load_demonstration(password: str, now: datetime) -> Post:
    """Load accounts with `password`, the publication and its discussion, dated until `now`.

    Return the post with the discussion.
    """
    accounts = {account.handle: _create(account, password) for account in ACCOUNTS}
    post = load_publication(accounts[AUTHOR], now)
    assert post.published_at is not None
    found, closing = _read("discussion"), _read("closing")
    User.objects.filter(pk__in=[person.pk for person in accounts.values()]).update(
        joined_at=post.published_at - timedelta(days=400)
    )
    readers = {row["handle"]: _reader(row, post.published_at) for row in found["readers"]}
    discussion = DemoDiscussion(post, accounts | readers)
    for event in sorted([*discussion.events(found), *discussion.closing_events(closing)]):
        event.act(post.published_at + timedelta(minutes=event.minute))
    _date_notifications()
    rank(post, now)
    return post


class DemoDiscussion:
    """Write the sample discussion under `post`; `people` are its writers by handle."""

    def __init__(self, post: Post, people: dict[str, User]) -> None:
        self.post = post
        self.people = people
        self.stances: dict[str | None, Stance] = {
            stance.key: stance
            for stance in post.question.stances.select_related("question__version")
        }
        self.comments: dict[str, Comment] = {}

    def events(self, found: dict[str, Any]) -> Iterator[Event]:
        """Yield all events of the discussion except the closing, in no order."""
        for row in [*found["comments"], *found["held"]]:
            yield Event(row["at"], partial(self._post, row))
            yield from self._later_events(row)
        yield from self._presses(found)
        for row in found["answers"]:
            yield Event(row["at"], partial(self._answer, row))
        for row in found["verdicts"]:
            yield Event(row["at"], partial(self._judge_steelman, row))
        for row in found["flags"]:
            yield Event(row["at"], partial(self._flag, row))

    def closing_events(self, found: dict[str, Any]) -> Iterator[Event]:
        """Yield the closing summary and the verdicts on it."""
        yield Event(found["at"], partial(self._write_closing, found))
        for row in found["verdicts"]:
            yield Event(row["at"], partial(self._judge_closing, row))

    def _presses(self, found: dict[str, Any]) -> Iterator[Event]:
        """Yield the reactions: by 30 % of readers for the first comment of a thread, else 15 %."""
        readable = [row for row in found["comments"] if not row.keys() & _UNREADABLE_KEYS]
        last = max(row["at"] for row in found["comments"])
        handles = [row["handle"] for row in found["readers"] if not row.get("newcomer")]
        for row in readable:
            for number, handle in enumerate(handles):
                minute = row["at"] + 40 + 11 * number
                share = 0.15 if "parent" in row else 0.3
                wants = Random(f"{row['key']} {handle}").random() < share
                if wants and minute < last and handle != row.get("author", AUTHOR):
                    yield Event(minute, partial(self._press, row["key"], handle))

    def _press(self, key: str, handle: str, now: datetime) -> None:
        press(self._comment(key), by=self.people[handle], now=now)

    def _later_events(self, row: dict[str, Any]) -> Iterator[Event]:
        """Yield the edit, the deletion and the removal of the comment `row`, if any."""
        if "edited_after" in row:
            yield Event(row["at"] + row["edited_after"], partial(self._edit, row))
        if "deleted_after" in row:
            yield Event(row["at"] + row["deleted_after"], partial(self._delete, row))
        if "removed" in row:
            yield Event(row["at"] + row["removed"]["after"], partial(self._remove, row))

    def _post(self, row: dict[str, Any], now: datetime) -> None:
        draft = Draft(
            author=self.people[row.get("author", AUTHOR)],
            post=self.post,
            body=row.get("original_body", row["body"]).strip(),
            parent=self._comment(row["parent"]) if "parent" in row else None,
            stance=self.stances.get(row.get("stance")),
            argues_for=self.stances.get(row.get("argues_for")),
        )
        self.comments[row["key"]] = post_comment(draft, now=now).comment

    def _answer(self, row: dict[str, Any], now: datetime) -> None:
        answer_question(
            reader=self.people[row["reader"]],
            question=self.post.question,
            stance=self.stances[row["stance"]],
            now=now,
        )

    def _judge_steelman(self, row: dict[str, Any], now: datetime) -> None:
        steelman, reader = self._comment(row["comment"]), self.people[row["reader"]]
        steelmen.judge(steelman, by=reader, is_fair=row["is_fair"], now=now)

    def _edit(self, row: dict[str, Any], now: datetime) -> None:
        comment = self._comment(row["key"])
        edit_comment(comment, by=comment.author, body=row["body"].strip(), now=now)

    def _delete(self, row: dict[str, Any], now: datetime) -> None:
        delete_comment(self._comment(row["key"]), now=now)

    def _remove(self, row: dict[str, Any], now: datetime) -> None:
        removal = row["removed"]
        moderating.remove(
            self._comment(row["key"]),
            by=self.people[removal["by"]],
            reason=removal["reason"],
            note=removal["note"],
            now=now,
        )

    def _write_closing(self, found: dict[str, Any], now: datetime) -> None:
        cited = [self.comments[key].pk for key in found["cites"]]
        draft = ClosingDraft(self.post, self.people[AUTHOR], found["body"].strip(), cited)
        write(draft, now=now)

    def _judge_closing(self, row: dict[str, Any], now: datetime) -> None:
        closing = newest(self.post)
        assert closing is not None
        judge(closing, by=self.people[row["by"]], is_fair=row["said"] == "fair", now=now)

    def _flag(self, row: dict[str, Any], now: datetime) -> None:
        moderating.raise_flag(
            self._comment(row["comment"]),
            by=self.people[row["by"]],
            reason=row["reason"],
            note=row["note"],
            now=now,
        )

    def _comment(self, key: str) -> Comment:
        return Comment.objects.select_related("author", "post").get(pk=self.comments[key].pk)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _create(account: Account, password: str) -> User:
    """Create and return the user of `account`, with a verified e-mail address."""
    person = User.objects.create_user(
        account.email, account.handle, password, name=account.name, is_demo=True
    )
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
    """Date each notification with the publication of its reply."""
    reply = Comment.objects.filter(pk=OuterRef("subject_id"))
    Notification.objects.filter(kind=Notification.Kind.REPLY).update(
        created_at=Subquery(reply.values("published_at")[:1])
    )
