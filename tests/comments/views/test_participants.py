"""Test which people of a discussion are offered while a mention is typed."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.actions import rate_limits, states
from comments.actions.mentions.participants import participants
from comments.me import erasure
from comments.models import CommentState
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_user


class ParticipantTests(Cast):
    """The people of one discussion, as JSON."""

    def setUp(self) -> None:
        self.url = reverse("comments:participants", args=[self.post.slug])
        self.sign_in(self.reader)
        rate_limits.lookups.clear()

    def offered(self, begins: str) -> list[str]:
        """Return the handles offered for what `begins` a handle or a name."""
        found = self.client.get(self.url, {"begins": begins}).json()["people"]
        return [each["handle"] for each in found]

    def writer(self, handle: str, **fields: Any) -> Any:
        """Return a person who has written a comment under the post."""
        person = make_user(handle, is_demo=True, **fields)
        make_comment(self.post, person)
        return person

    def test_writers_and_authors_whose_handle_or_name_begins_so(self) -> None:
        self.writer("zora.k", name="Adam Bede")
        self.writer("adler", name="Zoë O’Hara")
        self.writer("madam", name="Nora Adair")
        assert self.offered("ad") == ["ada", "adler", "madam", "zora.k"]
        assert self.offered("AD") == ["ada", "adler", "madam", "zora.k"]
        assert self.offered("Zo") == ["adler", "zora.k"]
        assert self.offered("dam") == []

    def test_with_the_name_that_they_are_called_by(self) -> None:
        self.writer("zora.k", name="Adam Bede")
        self.writer("zed")
        shown = self.client.get(self.url, {"begins": "z"}).json()
        names = [{"handle": "zed", "name": "zed"}, {"handle": "zora.k", "name": "Adam Bede"}]
        assert shown == {"people": names}

    def test_a_hidden_name_is_neither_searched_nor_shown(self) -> None:
        self.writer("zora.k", name="Adam Bede", name_hidden_at=timezone.now())
        assert self.offered("adam") == []
        shown = self.client.get(self.url, {"begins": "zo"}).json()
        assert shown == {"people": [{"handle": "zora.k", "name": "zora.k"}]}

    def test_nobody_who_takes_no_part_in_what_readers_see(self) -> None:
        make_user("zara")
        make_comment(make_post(self.author), self.writer("zeno"))
        elsewhere = make_user("zita", is_demo=True)
        make_comment(make_post(self.author), elsewhere)
        make_comment(self.post, make_user("zoe"))  # it is held
        removed = self.writer("zack").comments.get()
        states.change_state(removed, to=CommentState.REMOVED, removed_reason="spam")
        states.mark_deleted(self.writer("zelda").comments.get())
        assert self.offered("z") == ["zeno"]

    def test_neither_the_asker_nor_the_banned_nor_the_erased(self) -> None:
        make_comment(self.post, self.reader)
        banned, erased = self.writer("robert"), self.writer("roberta")
        banned.banned_at = timezone.now()
        banned.save()
        erasure.erase(erased, delete_texts=False)
        self.writer("roy")
        assert self.offered("ro") == ["roy"]
        assert self.offered("former") == []

    def test_only_the_first_few(self) -> None:
        for number in range(9):
            self.writer(f"zed-{number}")
        assert self.offered("zed") == [f"zed-{number}" for number in range(6)]

    def test_what_can_begin_nobodys_name_finds_nobody(self) -> None:
        self.writer("zed", name="100% Me_")
        for begins in ("", " ", "x" * 31, "a\0", "\n", "_ed", "%"):
            with self.subTest(begins):
                assert self.offered(begins) == []
        assert self.client.get(self.url).json() == {"people": []}

    def test_queries_do_not_grow(self) -> None:
        numbers = []
        self.client.get(self.url, {"begins": "zed"})
        for people in ("zed.a", "zed.b"):
            with CaptureQueriesContext(connection) as made:
                self.client.get(self.url, {"begins": "zed"})
            numbers.append(len(made))
            for number in range(10):
                self.writer(f"{people}{number}")
        assert numbers[0] == numbers[1]

    def test_the_comments_of_each_person_are_read_not_those_of_the_discussion(self) -> None:
        plan = participants(self.post, "z", asker=self.reader).explain()
        assert "comment_by_author" in plan or connection.vendor != "sqlite", plan

    @patch("core.limits.RATE_LOOKUPS", ((3, 60),))
    def test_who_asks_too_often_waits(self) -> None:
        for status in (200, 200, 200, 429):
            answer = self.client.get(self.url, {"begins": "a"})
            assert answer.status_code == status
        assert answer.json() == {"people": []}
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        self.sign_in(self.stranger)
        assert self.client.get(self.url, {"begins": "a"}).status_code == 200

    def test_only_signed_in_by_get_and_of_an_article_one_may_read(self) -> None:
        assert self.client.post(self.url).status_code == 405
        later = make_post(self.other_author, published_at=timezone.now() + timedelta(days=1))
        for slug in (later.slug, "nothing-here"):
            url = reverse("comments:participants", args=[slug])
            assert self.client.get(url, {"begins": "a"}).status_code == 404
        self.client.logout()
        answer = self.client.get(self.url, {"begins": "a"})
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]
