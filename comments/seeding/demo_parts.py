"""Write what the demonstration's author does after the first article: part 2, and a draft."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from accounts.models import User
from posts.actions import Opening, place_post, publish, save_draft, seal_answer
from posts.importing.demo import load_question
from posts.models import Part, Post

from ..actions import sealed_answers
from .demo_discussion import DemoDiscussion, Event

FOLDER = Path(__file__).with_name("data")


class Sequel:
    """Publish the part that follows `first`, a discussion, and open its own discussion, `second`.

    The text quotes comments of `first`; a key in braces in it stands for the address of a comment.
    """

    def __init__(self, author: User, first: DemoDiscussion, second: DemoDiscussion) -> None:
        self.author = author
        self.first = first
        self.second = second

    def events(self) -> Iterator[Event]:
        """Yield the publication, and the beginning of a draft of the part after it."""
        found, starts = self.second.found, self.second.starts
        yield Event(starts, partial(self._publish, found))
        yield Event(starts + found["draft"]["at"], partial(self._draft, found["draft"]))

    def _publish(self, found: dict[str, Any], now: datetime) -> None:
        post = self._draft(found["post"], now)
        load_question(found["question"], post)
        self.second.open(publish(post, by=self.author, at=now, now=now))

    def _draft(self, row: dict[str, Any], now: datetime) -> Post:
        text = (FOLDER / row["body_file"]).read_text(encoding="utf-8")
        addresses = {
            key: comment.get_absolute_url() for key, comment in self.first.comments.items()
        }
        post = save_draft(
            None,
            by=self.author,
            title=row["title"],
            standfirst=row["standfirst"],
            body=text.strip().format_map(addresses),
            slug=row["slug"],
            now=now,
        )
        series = Part.objects.filter(post=self.first.post).values("series")
        place_post(post, Part.objects.get(series__in=series, position=row["position"]))
        return post


def sealing_events(author: User, post: Post, found: dict[str, Any]) -> Iterator[Event]:
    """Yield the sealing of the author's answer to `post` before the first reader's, its opening."""

    def seal(now: datetime) -> None:
        opening = Opening(at=now + timedelta(minutes=found["opens_after"]))
        key = found["stance"]
        seal_answer(post.question, author=author, stance_key=key, opening=opening, now=now)

    yield Event(found["at"], seal)
    yield Event(found["at"] + found["opens_after"], sealed_answers.open_due)
