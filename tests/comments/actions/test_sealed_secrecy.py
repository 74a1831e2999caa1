"""Test that nothing tells a sealed answer before it opens, and that late changes are told."""

import re

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.integrity import faults
from comments.me.erasure import erase
from core.caching.pages import store
from posts.models import LateSealing, SealedAnswer
from tests.factories import make_comment

from .sealed import SealedCase


class LateSealingTests(SealedCase):
    """An author who looks at the totals, and changes the sealed answer."""

    def words(self) -> str:
        return " ".join(Client().get(self.url).text.split())

    def test_a_change_after_readers_have_answered_is_told_at_the_opening(self) -> None:
        self.seal("different", after=5)
        self.seal("overlap", after=5)  # nobody has answered: nothing to tell
        for _reader in range(3):
            self.answer()
        self.seal("overlap", after=4)  # only opens sooner
        self.assertEqual(LateSealing.objects.count(), 0)
        self.seal("same", after=4)
        self.assertNotIn("after 3 readers", self.words())
        self.answer()
        page = self.words()
        self.assertIn("Its author changed it on", page)
        self.assertIn("after 3 readers had answered.", page)
        self.assertEqual(page.count("had answered."), 1)

    def test_every_change_is_told(self) -> None:
        self.seal("different", after=3)
        self.answer()
        self.seal("same", after=3)
        self.answer()
        self.seal("different", after=3)
        self.answer()
        page = self.words()
        self.assertIn("after 1 reader had answered.", page)
        self.assertIn("after 2 readers had answered.", page)

    def test_an_answer_sealed_only_then_says_so(self) -> None:
        reader = self.answer()
        self.client_of(reader).post(reverse("comments:withdrawal", args=[self.post.slug]))
        self.seal("same", after=1)
        self.answer()
        page = self.words()
        self.assertIn("Its author sealed it on", page)
        self.assertIn("after readers had answered and taken their answers back.", page)

    def test_it_goes_with_an_erased_answer(self) -> None:
        self.seal("different", after=9)
        self.answer()
        self.seal("same", after=9)
        SealedAnswer.objects.all().delete()
        self.assertFalse(LateSealing.objects.exists())


class SecrecyTests(SealedCase):
    """Before it opens."""

    def setUp(self) -> None:
        super().setUp()
        self.comment = make_comment(self.post, self.reader, self.stances["different"])
        slug = self.post.slug
        self.public = [
            "/",
            self.url,
            f"{self.url}?stance=same",
            f"{self.url}?sort=newest",
            f"{self.url}wordings/",
            *(
                reverse(f"comments:{name}", args=[slug])
                for name in ("stances", "stances-json", "stances-csv", "post-changes", "answer")
            ),
            reverse("comments:well-argued", args=[self.comment.pk]),
            *(person.get_absolute_url() for person in (self.author, self.other_author)),
            "/feeds/posts/",
            "/sitemap.xml",
            "/archive/",
            "/series/",
        ]
        self.signed_in = [
            f"{self.url}?totals=show",
            f"{self.answering}?parent={self.comment.pk}",
            "/me/notifications/",
            reverse("comments:export"),
            "/studio/",
            f"/studio/posts/{self.post.pk}/",
            f"/studio/posts/{self.post.pk}/question/",
            self.studio,
            f"{self.studio}removal/",
            "/moderation/",
            "/moderation/log/",
            "/moderation/people/",
            "/moderation/jobs/",
            f"/moderation/comments/{self.comment.pk}/",
        ]
        self.others: tuple[User | None, ...] = (
            None,
            self.reader,
            self.other_author,
            self.moderator,
            self.admin,
        )

    def seen(self, *only: str) -> dict[tuple[str, str], str]:
        """Return what anybody but the author is shown, by whom and where.

        `only` are the addresses to look at; without them all are. Each person has one session,
        since their downloads list those from before, too.
        """
        store.clear()
        Session.objects.all().delete()
        found = {}
        for person in self.others:
            client = self.client_of(person)
            for address in only or self.public + (self.signed_in if person else []):
                answer = client.get(address, follow=True)
                found[str(person), address] = _still(f"{answer.status_code} {answer.text}")
        return found

    def test_11_sealed_half_no_byte_tells_what_was_sealed(self) -> None:
        self.seal("same")
        same = self.seen()
        self.assertIn("<bdi>ada</bdi>'s own answer is sealed", same["None", self.url])
        self.seal("overlap")
        overlap = self.seen()
        for where, page in same.items():
            with self.subTest(where):
                self.assertEqual(page, overlap[where])

    def test_11_sealed_half_the_same_comparison_sees_an_open_answer(self) -> None:
        self.seal("same")
        self.let_the_moment_pass()
        same = self.seen(self.url)
        self.assertIn("<bdi>ada</bdi>'s own answer:", same["None", self.url])
        SealedAnswer.objects.update(stance=self.stances["overlap"])
        overlap = self.seen(self.url)
        for person in self.others:
            self.assertNotEqual(same[str(person), self.url], overlap[str(person), self.url])

    def test_only_the_authors_own_download_has_it(self) -> None:
        self.seal("overlap")
        for person in self.others[1:]:
            data = self.client_of(person).get(reverse("comments:export")).json()
            self.assertEqual(data["sealed_answers"], [])
        data = self.client_of(self.author).get(reverse("comments:export")).json()
        [row] = data["sealed_answers"]
        self.assertEqual((row["stance_key"], row["opened_at"]), ("overlap", None))

    def test_an_erased_author_leaves_none(self) -> None:
        self.seal("overlap")
        erase(self.author, delete_texts=False)
        self.assertFalse(SealedAnswer.objects.exists())
        self.assertNotIn("own answer", self.page())
        self.assertEqual(list(faults()), [])


def _still(page: str) -> str:
    """Return a page without what every request and every version of it has of its own."""
    anew = "csrfmiddlewaretoken|form_key|draft_page"
    page = re.sub(rf'since=\d+|name="({anew})" value="[^"]*"', "", page)
    times = "made_at|last_login|started_at|seen_at|ends_at"
    return re.sub(rf'<lastBuildDate>[^<]*|<updated>[^<]*|"({times})": "[^"]*"', "", page)
