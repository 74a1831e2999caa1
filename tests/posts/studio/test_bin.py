"""Test the bin: drafts thrown away, brought back, and deleted after their time."""

import json
from datetime import timedelta
from typing import Any, ClassVar
from unittest.mock import patch
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.me import erasure
from core.exceptions import ActionRefused
from posts.actions import (
    PartInput,
    default_stances,
    place_post,
    publish,
    remove_question,
    save_draft,
    seal_answer,
    set_parts,
    set_promises,
    set_question,
    unpublish,
)
from posts.actions import bin as bin_actions
from posts.actions.bin import TIME_IN_BIN, bring_back, remove_due, throw_away
from posts.actions.promises import PromiseInput
from posts.actions.sealed_answers import Opening
from posts.importing.articles import Article
from posts.importing.bringing import bring
from posts.models import Part, Post, Question, Revision, Series
from posts.studio.preview import preview_url
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_series
from tests.reauthenticated import reauthenticate

BIN, DESK = "/studio/bin/", "/studio/"
TITLE = "Sentinel of the bin"


class BinCase(Cast):
    """A draft with a question, the second part of a series whose first is published."""

    draft: ClassVar[Post]
    series: ClassVar[Series]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the draft."""
        super().setUpTestData()
        cls.draft = make_post(cls.author, published_at=None, title=TITLE, slug="sentinel")
        make_question(cls.draft)
        cls.series = make_series(cls.author, slug="a-series")
        for position, post in enumerate((make_post(cls.author), cls.draft), start=1):
            Part.objects.create(series=cls.series, position=position, title="Part", post=post)

    def setUp(self) -> None:
        """Sign the author in."""
        super().setUp()
        self.url = f"/studio/posts/{self.draft.pk}/"
        self.sign_in(self.author)

    def throw(self) -> None:
        """Put the draft into the bin."""
        throw_away(self.draft, by=self.author)


class StudioTests(BinCase):
    """The pages of the studio."""

    def test_a_draft_is_thrown_away_and_brought_back_as_it_was(self) -> None:
        before = Post.objects.values().get(pk=self.draft.pk)
        self.assertContains(self.client.get(self.url), f"{self.url}bin/")
        self.assertNotContains(self.client.get(DESK), BIN)
        self.assertContains(self.client.get(f"{self.url}bin/"), "For 30 days you can bring it back")
        for _time in range(2):
            self.assertRedirects(self.client.post(f"{self.url}bin/"), BIN)
        self.assertContains(self.client.get(DESK), "1 draft in the bin")
        page = self.client.get(BIN)
        self.assertContains(page, TITLE)
        self.assertContains(page, f"{self.url}bin/undo/")
        for _time in range(2):
            self.assertRedirects(self.client.post(f"{self.url}bin/undo/"), self.url)
        self.assertEqual(Post.objects.values().get(pk=self.draft.pk), before)
        self.assertEqual(Part.objects.get(position=2).post, self.draft)
        self.assertContains(self.client.get(BIN), "The bin is empty")

    def test_nothing_is_written_to_a_post_that_was_thrown_away_meanwhile(self) -> None:
        self.throw()
        free = Part.objects.create(series=self.series, position=3, title="Free")
        parts = [PartInput("One", post_id=self.draft.pk)]
        writes: dict[str, Any] = {
            "text": lambda: save_draft(self.draft, by=self.author, title="T", body="B"),
            "publication": lambda: publish(self.draft, by=self.author),
            "question": lambda: set_question(self.draft, text="Q?", stances=default_stances()),
            "no question": lambda: remove_question(self.draft),
            "promises": lambda: set_promises(self.draft, []),
            "place": lambda: place_post(self.draft, free),
            "parts": lambda: set_parts(make_series(self.author), parts),
        }
        for name, write in writes.items():
            with self.subTest(name), self.assertRaisesRegex(ActionRefused, "in the bin"):
                write()

    def test_one_that_was_deleted_meanwhile_is_said_to_be_gone(self) -> None:
        self.throw()
        remove_due(timezone.now() + TIME_IN_BIN)
        writes: tuple[Any, ...] = (bring_back, throw_away, publish)
        for write in writes:
            with self.subTest(write.__name__), self.assertRaises(ActionRefused) as refused:
                write(self.draft, by=self.author)
            self.assertEqual(refused.exception.status, 404)

    def test_a_published_post_is_unpublished_first(self) -> None:
        publish(self.draft, by=self.author)
        page = self.client.get(f"{self.url}bin/")
        self.assertContains(page, f"{self.url}publication/undo/")
        self.assertNotContains(self.client.get(self.url), f"{self.url}bin/")
        self.assertRedirects(self.client.post(f"{self.url}bin/"), f"{self.url}bin/")
        self.assertIsNone(Post.objects.get(pk=self.draft.pk).binned_at)
        first = unpublish(self.draft, by=self.author).first_published_at
        self.assertRedirects(self.client.post(f"{self.url}bin/"), BIN)
        bring_back(self.draft, by=self.author)
        self.assertEqual(publish(self.draft, by=self.author).published_at, first)

    def test_a_scheduled_post_does_not_come_out(self) -> None:
        soon = timezone.now() + timedelta(minutes=1)
        publish(self.draft, by=self.author, at=soon)
        self.assertContains(self.client.get(f"{self.url}bin/"), "It is scheduled for")
        self.client.post(f"{self.url}bin/")
        self.assertFalse(Post.objects.published(soon + timedelta(days=1)).filter(slug="sentinel"))
        kept = bring_back(self.draft, by=self.author)
        self.assertEqual((kept.published_at, kept.first_published_at), (None, None))

    def test_only_its_authors_may(self) -> None:
        for person in (self.other_author, self.admin, self.reader):
            self.sign_in(person)
            for path in ("bin/", "bin/undo/"):
                answer = self.client.post(f"{self.url}{path}")
                self.assertIn(answer.status_code, (403, 404), (person, path))
        self.assertIsNone(Post.objects.get(pk=self.draft.pk).binned_at)
        self.throw()
        for person in (self.other_author, self.admin):
            self.sign_in(person)
            self.assertNotContains(self.client.get(BIN), TITLE)
            self.assertEqual(self.client.post(f"{self.url}bin/undo/").status_code, 404)
        self.assertIsNotNone(Post.objects.get(pk=self.draft.pk).binned_at)
        self.assertEqual(self.client.get(f"{self.url}bin/undo/").status_code, 405)


class NowhereTests(BinCase):
    """A draft in the bin is nowhere else."""

    def test_no_page_shows_it(self) -> None:
        token = preview_url(self.draft)
        part = Part.objects.get(post=self.draft)
        self.throw()
        gone = [f"{self.url}{path}" for path in ("", "question/", "promises/", "publication/undo/")]
        gone += [token, "/posts/sentinel/", "/posts/sentinel/answer/", "/posts/sentinel/stances/"]
        gone += ["/posts/sentinel/data.zip", "/posts/sentinel/wordings/"]
        series = f"/studio/series/{self.series.pk}/"
        shown = [DESK, "/", "/archive/", "/archive/?by=series", "/series/", "/series/a-series/"]
        shown += [
            series,
            f"{series}parts/{part.pk}/",
            "/sitemap.xml",
            "/studio/posts/new/",
            "/me/notifications/",
        ]
        for person in (self.author, self.admin, None):
            if person is None:
                self.client.logout()
            else:
                self.sign_in(person)
            for path in gone:
                answer = self.client.get(path)
                self.assertIn(answer.status_code, (404, 302) if person is None else (404,), path)
            for path in shown:
                answer = self.client.get(path)
                self.assertNotIn(TITLE, answer.content.decode(), path)
                self.assertNotIn("sentinel", answer.content.decode(), path)

    def test_what_is_typed_for_it_comes_back(self) -> None:
        sent = {"title": TITLE, "body": "Newer words.", "slug": "sentinel", "act": "save"}
        self.throw()
        answer = self.client.post(self.url, sent)
        self.assertContains(answer, "Newer words.", status_code=404)

    def test_the_form_that_made_it_makes_no_second_one(self) -> None:
        key = str(uuid4())
        sent = {"title": "Once", "body": "Words.", "language": "en", "form_key": key, "act": "save"}
        self.client.post("/studio/posts/new/", sent)
        made = Post.objects.get(form_key=key)
        throw_away(made, by=self.author)
        answer = self.client.post("/studio/posts/new/", sent | {"body": "Newer words."})
        self.assertContains(answer, "Bring it back first", status_code=422)
        self.assertContains(answer, "Newer words.", status_code=422)
        self.assertEqual(Post.objects.filter(newest_revision__title="Once").count(), 1)

    def test_it_goes_with_its_author_and_into_their_download(self) -> None:
        self.throw()
        reauthenticate(self.client, self.author)
        listed = json.loads(self.client.get("/me/export/").content)["posts"]
        self.assertIn("sentinel", [row["slug"] for row in listed if row["binned_at"]])
        erasure.erase(self.author, delete_texts=False)
        self.assertFalse(Post.objects.filter(pk=self.draft.pk).exists())

    def test_no_act_reaches_it(self) -> None:
        self.throw()
        with self.assertRaisesMessage(ActionRefused, "Bring it back first"):
            publish(self.draft, by=self.author)
        with self.assertRaisesMessage(ActionRefused, "Bring it back first"):
            save_draft(self.draft, by=self.author, title="T", body="B")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=self.draft.pk).update(published_at=timezone.now())

    def test_its_address_waits_for_it_and_its_part_does_not(self) -> None:
        self.throw()
        again = save_draft(None, by=self.author, title="T", body="B")
        with self.assertRaisesMessage(ActionRefused, "A draft in the bin has this address"):
            save_draft(again, by=self.author, title="T", body="B", slug="sentinel")
        with self.assertRaisesMessage(ActionRefused, "A draft in the bin has the address"):
            bring(Article("T", "B", slug="sentinel"), [], by=self.author)
        Part.objects.filter(position=2).update(post=again)
        self.assertIsNone(getattr(bring_back(self.draft, by=self.author), "part", None))
        self.assertEqual(Part.objects.get(position=2).post, again)


class RemovalTests(BinCase):
    """What the worker deletes."""

    def test_it_is_deleted_after_its_time_with_all_that_is_its_own(self) -> None:
        set_promises(self.draft, [PromiseInput("There will be more.")])
        seal_answer(
            self.draft.question, author=self.author, stance_key="same", opening=Opening(after=5)
        )
        self.throw()
        late = timezone.now() + TIME_IN_BIN
        self.assertEqual(remove_due(late - timedelta(minutes=1)), 0)
        self.assertEqual(remove_due(late + timedelta(minutes=1)), 1)
        self.assertEqual(remove_due(late + timedelta(minutes=1)), 0)
        self.assertFalse(Post.objects.filter(pk=self.draft.pk).exists())
        self.assertFalse(Revision.objects.filter(post=self.draft.pk).exists())
        self.assertFalse(Question.objects.filter(post=self.draft.pk).exists())
        self.assertEqual(Part.objects.filter(series=self.series).count(), 2)
        self.assertContains(self.client.get(BIN), "The bin is empty")

    def test_what_readers_have_written_under_stays(self) -> None:
        publish(self.draft, by=self.author)
        stance = self.draft.question.offered[0]
        comment = make_comment(self.draft, self.reader, stance)
        unpublish(self.draft, by=self.author)
        self.assertContains(self.client.get(f"{self.url}bin/"), "it is never deleted")
        self.throw()
        self.assertContains(self.client.get(BIN), "Stays here, because readers have commented")
        late = timezone.now() + TIME_IN_BIN * 2
        self.assertEqual(remove_due(late), 0)
        Post.objects.filter(pk=self.draft.pk).update(comment_count=0)  # as if it were held
        self.assertEqual(remove_due(late), 0)
        self.assertTrue(Post.objects.filter(comments=comment).exists())
        self.assertEqual(str(Question.objects.get(post=self.draft)), str(self.draft.question))

    def test_it_is_deleted_in_batches(self) -> None:
        for _number in range(3):
            throw_away(make_post(self.author, published_at=None), by=self.author)
        late = timezone.now() + TIME_IN_BIN * 2
        with patch.object(bin_actions, "BATCH", 2):
            self.assertEqual([remove_due(late) for _round in range(3)], [2, 1, 0])
