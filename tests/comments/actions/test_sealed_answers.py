"""Test how sealed answers open, and what their authors may write: counted once, then open."""

from datetime import timedelta
from unittest import mock
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import sealed_answers
from comments.integrity import faults
from comments.models import Comment, CommentKind, StanceRecord
from core.caching.pages import store
from posts.models import Question, SealedAnswer
from posts.pages import post_page
from tests.factories import make_comment, make_user

from .sealed import SealedCase


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
        self.assertIn("<bdi>ada</bdi>'s own answer:", page)
        self.assertNotIn("sealed until", page)
        self.assertEqual((self.total("same"), self.total("overlap")), (3, 1))
        record = StanceRecord.objects.get(reader=self.author)
        self.assertEqual((record.source, record.seen_totals), ("bare", "no"))
        self.assertEqual(record.recorded_at, SealedAnswer.objects.get().opened_at)
        self.assertEqual(list(faults()), [])

    def test_a_comment_that_opens_it_shows_it_where_it_is_posted(self) -> None:
        self.seal("overlap", after=2)
        place = f'<div class="sealed" id="sealed-{SealedAnswer.objects.get().pk}"'
        self.assertIn(f"{place}>", self.page())
        self.assertNotIn("sealed", self.post_comment())
        shown = self.post_comment()
        self.assertIn(f'{place} hx-swap-oob="true">', shown)
        self.assertIn("<bdi>ada</bdi>'s own answer:", shown)
        self.assertIn("Overlap</b>", shown)
        self.assertIn("<b>3 readers</b> have answered", shown)

    def post_comment(self) -> str:
        """Return what a page is told after a new reader has posted a comment on it."""
        client = self.client_of(make_user(is_demo=True))
        data = {"stance": "same", "body": "The rota says so.", "form_key": uuid4()}
        return client.post(self.answering, data, headers={"HX-Request": "true"}).text

    def test_it_stays_open_and_counts_once(self) -> None:
        self.seal("overlap", after=2)
        people = [self.answer(), self.answer()]
        for person in people:
            self.client_of(person).post(reverse("comments:withdrawal", args=[self.post.slug]))
            self.answer("different", person)
        self.answer()
        for _round in range(2):
            sealed_answers.open_due()
        self.assertIn("<bdi>ada</bdi>'s own answer:", self.page())
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
        self.assertIn("<bdi>ada</bdi>'s own answer:", self.page())

    def test_one_that_opens_opens_no_other(self) -> None:
        self.seal("overlap", after=2)
        data = {"stance": "same", "opens_after": "3"}
        self.client_of(self.other_author).post(self.studio, data)
        self.answer("different")
        self.answer("different")
        sealed_answers.open_due()
        page = self.page()
        self.assertIn("<bdi>ada</bdi>'s own answer:", page)
        self.assertNotIn("<bdi>otto</bdi>'s own answer:", page)
        self.answer("different")
        page = self.page()
        self.assertIn("<bdi>ada</bdi>'s own answer:", page)
        self.assertIn("<bdi>otto</bdi>'s own answer:", page)
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
            self.assertIn("<bdi>ada</bdi>'s own answer:", self.page(person))
        self.assertEqual(self.total("overlap"), 0)
        for _round in range(2):
            sealed_answers.open_due()
        self.assertEqual(self.total("overlap"), 1)
        sealed = SealedAnswer.objects.get()
        record = StanceRecord.objects.get(reader=self.author)
        self.assertEqual((sealed.opened_at, record.recorded_at), (sealed.opens_at,) * 2)
        self.assertIn("<bdi>ada</bdi>'s own answer:", self.page())
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
            self.assertIn("<bdi>ada</bdi>'s own answer:", self.page(None))

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
        self.assertIn("<bdi>ada</bdi>'s own answer:", self.page())
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
        self.assertIn("<bdi>ada</bdi>'s own answer:", page)
        self.assertNotIn("data-tally", page)
