"""Make a discussion with two live answers for tests of closings, and send their forms."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import comments
from comments.models import Comment
from tests.cast import Cast
from tests.factories import make_comment, make_user

WORDS = (
    "Most of you keep the two apart, and say that a rota asks nothing of anybody's heart. Others "
    "hold that it is one trade, and that the horizon is what a good rota is for."
)


class ClosingCase(Cast):
    """Five readers answer Different and five Same, two Overlap; one of each has a comment."""

    def setUp(self) -> None:
        self.settle_at_once()
        self.url = reverse("comments:closing", args=[self.post.slug])
        self.edit_url = reverse("comments:closing-edit", args=[self.post.slug])
        self.people = {
            key: [self.person(key) for _number in range(number)]
            for key, number in (("different", 4), ("same", 4), ("overlap", 1))
        }
        self.comments = {key: self.comment(key) for key in self.people}

    def person(self, key: str) -> User:
        """Return a new reader who answers `key`."""
        person = make_user(is_demo=True)
        comments.answer_question(
            reader=person,
            question=self.post.question,
            stance=self.stances[key],
            now=timezone.now() - timedelta(days=9),
        )
        return person

    def comment(self, key: str) -> Comment:
        """Return a comment for `key` by a new reader, who is added to its people."""
        writer = make_user(is_demo=True)
        written = make_comment(self.post, writer, self.stances[key], body=f"A case for {key}.")
        self.people[key].append(writer)
        return written

    def send(
        self, person: User | None, url: str, data: dict[str, Any], method: str = "post"
    ) -> Any:
        """Send a form as `person`, or as an anonymous visitor."""
        client = Client()
        if person is not None:
            client.force_login(person)
        return getattr(client, method)(url, data)

    def cites(self, *keys: str) -> dict[str, list[int]]:
        return {f"{key}-cited": [self.comments[key].pk] for key in keys}

    def write(self, person: User | None = None, /, **changes: Any) -> Any:
        """Send the form of the summary as the author, citing a comment for each live answer."""
        data = {"body": WORDS, "based_on": "0", **self.cites("different", "same"), **changes}
        return self.send(person or self.author, self.edit_url, data)

    def judge(self, person: User | None, said: str = "fair", version: int = 1) -> Any:
        url = reverse("comments:closing-verdict", args=[self.post.slug])
        return self.send(person, url, {"said": said, "version": str(version)})

    def withdraw(self, person: User | None) -> Any:
        return self.send(person, reverse("comments:closing-withdrawal", args=[self.post.slug]), {})

    def all_judge(self, key: str, *said: str, version: int = 1) -> None:
        """Judge as the readers of an answer, one for each verdict of `said`."""
        for person, each in zip(self.people[key], said, strict=False):
            assert self.judge(person, each, version).status_code == 302

    def page(self, person: User | None = None, url: str = "") -> str:
        client = Client()
        if person is not None:
            client.force_login(person)
        return client.get(url or self.url).text

    def post_page(self, person: User | None = None) -> str:
        return self.page(person, self.post.get_absolute_url())
