"""Test totals that are shown only after answering, and the record of whether they were seen."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions
from comments.models import StanceRecord
from core.caching.pages import store
from posts.models import Question
from tests.cast import Cast
from tests.factories import make_comment, make_user


class BlindCase(Cast):
    """Seven readers have answered, all of them Same; totals are shown after answering."""

    def setUp(self) -> None:
        self.set_reveal(Question.Reveal.AFTER_ANSWER)
        self.url = self.post.get_absolute_url()
        self.comments = [
            make_comment(self.post, make_user(is_demo=True), self.stances["same"])
            for _reader in range(7)
        ]
        reactions.press(self.comments[0], by=self.comments[1].author)
        self.addresses = [
            "/",
            "/archive/",
            self.url,
            f"{self.url}?totals=show",
            f"{self.url}?stance=same",
            reverse("comments:stances", args=[self.post.slug]),
            reverse("comments:stances-json", args=[self.post.slug]),
            reverse("comments:stances-csv", args=[self.post.slug]),
            reverse("comments:well-argued", args=[self.comments[0].pk]),
            reverse("comments:well-argued-split", args=[self.comments[0].pk]),
            "/feeds/posts/",
        ]

    def set_reveal(self, reveal: str, **more: Any) -> None:
        Question.objects.filter(post=self.post).update(reveal=reveal, **more)
        store.clear()

    def pages(self, person: User | None = None) -> dict[str, str]:
        client = Client()
        if person:
            client.force_login(person)
        return {address: client.get(address, follow=True).text for address in self.addresses}

    def answer(self, key: str, **more: str) -> User:
        """Let somebody answer without a comment."""
        person = make_user(is_demo=True)
        client = Client()
        client.force_login(person)
        address = reverse("comments:answer", args=[self.post.slug])
        client.post(address, {"stance": key, "wish": "answer", **more})
        return person

    def assert_tells_nothing(self, person: User | None) -> None:
        """Fail if a page says a total, or if a byte of one depends on who answers what."""
        before = self.pages(person)
        for key in ("same", "same", "overlap"):
            self.answer(key)
        after = self.pages(person)
        for address in self.addresses:
            with self.subTest(address, person=person):
                self.assertNotIn("data-tally", after[address])
                self.assertNotIn("tally-list", after[address])
                self.assertEqual(_still(before[address]), _still(after[address]))


def _still(page: str) -> str:
    """Return a page without what every request and every version of it has of its own."""
    page = re.sub(r'(since=|data-version=")\d+', "", page)
    page = re.sub(r'name="(csrfmiddlewaretoken|form_key|version)" value="[^"]*"', "", page)
    return re.sub(r"<lastBuildDate>[^<]*|<updated>[^<]*", "", page)


class BlindTests(BlindCase):
    """Totals before and after answering."""

    def test_1_blind_first_answer(self) -> None:
        self.addresses.remove(f"{self.url}?totals=show")
        self.assert_tells_nothing(None)
        self.assert_tells_nothing(self.reader)
        client = Client()
        client.force_login(self.reader)
        self.assertContains(client.get(self.url), "once you have answered")
        answer = reverse("comments:answer", args=[self.post.slug])
        client.post(answer, {"stance": "overlap", "wish": "answer"})
        self.assertContains(client.get(self.url), "data-tally")
        stances = client.get(reverse("comments:stances", args=[self.post.slug]))
        self.assertContains(stances, "tally-list")
        self.assertEqual(StanceRecord.objects.get(reader=self.reader).seen_totals, "no")
        self.assert_tells_nothing(None)

    def test_1_show_me_first_is_remembered(self) -> None:
        client = Client()
        client.force_login(self.reader)
        self.assertContains(client.get(self.url), f"{self.url}?totals=show#question")
        page = client.get(f"{self.url}?totals=show")
        self.assertContains(page, "data-tally")
        self.assertContains(page, 'name="saw_totals" value="True"')
        answer = reverse("comments:answer", args=[self.post.slug])
        client.post(answer, {"stance": "same", "wish": "answer", "saw_totals": "True"})
        self.assertEqual(StanceRecord.objects.get(reader=self.reader).seen_totals, "yes")

    def test_1_visitors_cannot_ask_to_see_them(self) -> None:
        self.assertNotIn("data-tally", Client().get(f"{self.url}?totals=show").text)

    def test_1_both_bars_can_be_drawn(self) -> None:
        for number in range(5):
            self.answer("overlap", saw_totals="True")
            last = self.answer("same" if number else "different")
        client = Client()
        client.force_login(last)
        page = client.get(reverse("comments:stances", args=[self.post.slug]))
        self.assertContains(page, "Before seeing where others stand")
        self.assertContains(page, "After seeing it")

    def test_from_the_closing_on_everybody_sees_them(self) -> None:
        self.set_reveal(Question.Reveal.AFTER_CLOSE, closes_at=timezone.now() + timedelta(hours=1))
        self.assert_tells_nothing(None)
        self.assert_tells_nothing(self.comments[0].author)
        request = Client().get(self.url).wsgi_request
        kept = request.kept  # type: ignore[attr-defined]
        self.assertLess(kept.until, (timezone.now() + timedelta(hours=2)).timestamp())
        self.set_reveal(Question.Reveal.AFTER_CLOSE, closes_at=timezone.now() - timedelta(hours=1))
        self.assertIn("data-tally", Client().get(self.url).text)
