"""Test sealed answers: in no response to other people before they open, then counted once."""

import re
from datetime import timedelta
from unittest import mock

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import sealed_answers
from comments.integrity import faults
from comments.me.erasure import erase
from comments.models import Comment, CommentKind, StanceRecord
from core.caching.pages import store
from posts.models import Authorship, LateSealing, Question, SealedAnswer, Stance
from posts.pages import post_page
from tests.cast import Cast
from tests.factories import make_comment, make_user
from tests.reauthenticated import client_of


class SealedCase(Cast):
    """Two authors, the first with a sealed answer, and readers who answer."""

    def setUp(self) -> None:
        Authorship.objects.create(post=self.post, user=self.other_author, position=1)
        self.url = self.post.get_absolute_url()
        self.studio = reverse("posts:studio-sealed-answer", args=[self.post.pk])
        self.answering = reverse("comments:answer", args=[self.post.slug])
        self.moment = timezone.now() + timedelta(days=30)
        store.clear()
        post_page.holed_pages.clear()

    def client_of(self, person: User | None) -> Client:
        return client_of(person) if person else Client()

    def seal(self, key: str, after: int | None = None) -> None:
        """Seal an answer of the author, by default for a month."""
        data = {"stance": key, "opens_at": f"{self.moment:%Y-%m-%dT%H:%M}"}
        if after:
            data = {"stance": key, "opens_after": str(after)}
        answer = self.client_of(self.author).post(self.studio, data)
        self.assertEqual(answer.status_code, 302)

    def let_the_moment_pass(self) -> None:
        now = timezone.now()
        SealedAnswer.objects.update(
            opens_at=now - timedelta(hours=1), sealed_at=now - timedelta(hours=2)
        )

    def answer(self, key: str = "same", person: User | None = None) -> User:
        """Let somebody answer without a comment."""
        person = person or make_user(is_demo=True)
        client = self.client_of(person)
        answer = client.post(self.answering, {"stance": key, "wish": "answer"})
        self.assertEqual(answer.status_code, 302)
        return person

    def total(self, key: str) -> int:
        return Stance.objects.get(pk=self.stances[key].pk).answer_count

    def page(self, person: User | None = None) -> str:
        return self.client_of(person).get(self.url).text


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
            "/me/",
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
        self.assertIn("ada's own answer is sealed", same["None", self.url])
        self.seal("overlap")
        overlap = self.seen()
        for where, page in same.items():
            with self.subTest(where):
                self.assertEqual(page, overlap[where])

    def test_11_sealed_half_the_same_comparison_sees_an_open_answer(self) -> None:
        self.seal("same")
        self.let_the_moment_pass()
        same = self.seen(self.url)
        self.assertIn("ada's own answer:", same["None", self.url])
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


class AuthorsNoteTests(SealedCase):
    """Comments of its author before it opens."""

    def setUp(self) -> None:
        super().setUp()
        self.seal("same", after=50)
        self.comment = make_comment(self.post, self.reader, self.stances["different"])

    def test_no_answer_is_offered_and_a_note_is_taken(self) -> None:
        client = self.client_of(self.author)
        reply = f"{self.answering}?parent={self.comment.pk}"
        for address in (self.url, self.answering, reply):
            page = client.get(address)
            self.assertContains(page, "Until it opens you write notes")
            self.assertNotContains(page, 'name="stance"')
            self.assertNotContains(page, 'value="answer"')
        client.post(self.answering, {"body": "Merely a note.", "wish": "post"})
        self.assertEqual(Comment.objects.get(author=self.author).kind, CommentKind.NOTE)
        self.assertContains(self.client_of(self.other_author).get(self.url), 'name="stance"')

    def test_an_answer_is_refused_with_a_sentence(self) -> None:
        client = self.client_of(self.author)
        for data in (
            {"stance": "same", "body": "I say so.", "wish": "post"},
            {"stance": "overlap", "body": "", "wish": "answer"},
            {"stance": "same", "body": "A reply.", "parent": str(self.comment.pk)},
        ):
            for headers in ({}, {"HX-Request": "true"}):
                answer = client.post(self.answering, data, headers=headers)
                self.assertContains(answer, "Your answer is sealed.", status_code=409)
                self.assertContains(answer, data["body"], status_code=409)
        self.assertFalse(Comment.objects.filter(author=self.author).exists())
        self.assertFalse(StanceRecord.objects.filter(reader=self.author).exists())

    def test_once_open_they_answer_like_everybody(self) -> None:
        SealedAnswer.objects.update(
            opens_at=timezone.now() - timedelta(hours=1),
            sealed_at=timezone.now() - timedelta(hours=2),
        )
        store.clear()
        self.assertContains(self.client_of(self.author).get(self.answering), 'name="stance"')
        self.answer("overlap", self.author)  # before any worker has come by
        records = StanceRecord.objects.filter(reader=self.author).order_by("pk")
        keys = [record.stance.key for record in records if record.stance]
        self.assertEqual(keys, ["same", "overlap"])
        self.assertIn("Same</b>", self.page().split("own answer:")[1][:200])
        self.assertEqual(list(faults()), [])


class OpeningTests(SealedCase):
    """Opening by number of answers, and by date."""

    def test_the_answer_that_reaches_the_count_opens_it(self) -> None:
        self.seal("overlap", after=3)
        self.answer("same")
        self.answer("same")
        self.assertIn("until 3 readers have answered", self.page())
        self.assertEqual(self.total("overlap"), 0)
        make_comment(self.post, self.reader, self.stances["same"], now=timezone.now())
        page = self.page()
        self.assertIn("ada's own answer:", page)
        self.assertNotIn("sealed until", page)
        self.assertEqual((self.total("same"), self.total("overlap")), (3, 1))
        record = StanceRecord.objects.get(reader=self.author)
        self.assertEqual((record.source, record.seen_totals), ("bare", "no"))
        self.assertEqual(record.recorded_at, SealedAnswer.objects.get().opened_at)
        self.assertEqual(list(faults()), [])

    def test_it_stays_open_and_counts_once(self) -> None:
        self.seal("overlap", after=2)
        people = [self.answer(), self.answer()]
        for person in people:
            self.client_of(person).post(reverse("comments:withdrawal", args=[self.post.slug]))
            self.answer("different", person)
        self.answer()
        for _round in range(2):
            sealed_answers.open_due()
        self.assertIn("ada's own answer:", self.page())
        self.assertEqual(StanceRecord.objects.filter(reader=self.author).count(), 1)
        self.assertEqual(self.total("overlap"), 1)
        self.assertEqual(list(faults()), [])

    def test_changing_ones_answer_is_not_another_reader(self) -> None:
        self.seal("overlap", after=2)
        person = self.answer("same")
        self.answer("different", person)
        self.assertIn("sealed until", self.page())

    def test_an_author_is_no_reader_who_opens_it(self) -> None:
        self.answer("different", self.other_author)
        self.seal("overlap", after=2)
        self.answer("different")
        sealed_answers.open_due()
        self.assertIn("own answer is sealed", self.page())
        self.answer("different")
        self.assertIn("ada's own answer:", self.page())

    def test_one_that_opens_opens_no_other(self) -> None:
        self.seal("overlap", after=2)
        data = {"stance": "same", "opens_after": "3"}
        self.client_of(self.other_author).post(self.studio, data)
        self.answer("different")
        self.answer("different")
        sealed_answers.open_due()
        page = self.page()
        self.assertIn("ada's own answer:", page)
        self.assertNotIn("otto's own answer:", page)
        self.answer("different")
        page = self.page()
        self.assertIn("ada's own answer:", page)
        self.assertIn("otto's own answer:", page)
        self.assertEqual((self.total("same"), self.total("overlap")), (1, 1))
        self.assertEqual(list(faults()), [])

    def test_a_date_needs_no_worker_to_be_seen(self) -> None:
        self.seal("overlap")
        self.page()
        kept = store.slot(self.url).page
        assert kept is not None
        self.assertEqual(kept.kept.until, self.moment.replace(second=0, microsecond=0).timestamp())
        self.let_the_moment_pass()
        for person in (None, self.reader, self.author):
            self.assertIn("ada's own answer:", self.page(person))
        self.assertEqual(self.total("overlap"), 0)
        for _round in range(2):
            sealed_answers.open_due()
        self.assertEqual(self.total("overlap"), 1)
        sealed = SealedAnswer.objects.get()
        record = StanceRecord.objects.get(reader=self.author)
        self.assertEqual((sealed.opened_at, record.recorded_at), (sealed.opens_at,) * 2)
        self.assertIn("ada's own answer:", self.page())
        self.assertEqual(list(faults()), [])

    def test_a_page_drawn_before_the_moment_is_not_shown_after_it(self) -> None:
        self.seal("overlap")
        for person in (None, self.reader):
            self.assertIn("sealed until", self.page(person))
        later = self.moment + timedelta(minutes=1)
        with mock.patch("django.utils.timezone.now", return_value=later):
            pages = list(post_page.holed_pages._values.values())
            self.assertTrue(all(page.until < later.timestamp() for page in pages), pages)
            store.clear()  # it goes by the clock of the machine, which the test before this sees to
            self.assertIn("ada's own answer:", self.page(None))

    def test_who_sealed_it_after_readers_answered_may_have_seen_the_totals(self) -> None:
        for _reader in range(6):
            self.answer("different")
        self.seal("overlap", after=7)
        self.answer("different")
        self.assertEqual(StanceRecord.objects.get(reader=self.author).seen_totals, "unknown")

    def test_a_number_that_was_reached_already_opens_with_the_next_round(self) -> None:
        for _reader in range(3):
            self.answer("different")
        self.seal("overlap", after=2)
        self.assertIn("sealed until", self.page())
        sealed_answers.open_due()
        self.assertIn("ada's own answer:", self.page())
        self.assertEqual(self.total("overlap"), 1)

    def test_a_banned_author_is_in_no_total(self) -> None:
        self.seal("overlap")
        self.let_the_moment_pass()
        User.objects.filter(pk=self.author.pk).update(banned_at=timezone.now())
        sealed_answers.open_due()
        self.assertEqual(self.total("overlap"), 0)
        self.assertEqual(list(faults()), [])

    def test_hidden_totals_stay_hidden(self) -> None:
        Question.objects.filter(post=self.post).update(reveal=Question.Reveal.AFTER_ANSWER)
        self.seal("overlap", after=2)
        self.answer()
        self.answer()
        page = self.page()
        self.assertIn("ada's own answer:", page)
        self.assertNotIn("data-tally", page)


def _still(page: str) -> str:
    """Return a page without what every request and every version of it has of its own."""
    page = re.sub(r'since=\d+|name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page)
    times = "made_at|last_login|started_at|seen_at|ends_at"
    return re.sub(rf'<lastBuildDate>[^<]*|<updated>[^<]*|"({times})": "[^"]*"', "", page)
