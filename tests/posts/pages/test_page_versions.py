"""Test that every write that a public page shows increases the page version."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.caching.pages import store
from posts.actions import Opening, seal_answer
from posts.models import Authorship, Edition, Part, Post, Promise, Question, Series, Stance
from posts.pages import page_versions
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_series

# Shown on public pages; `comments` increases the version itself by `Post.bump_page_version`.
MOVED_WITH_THE_DISCUSSION = {
    "comments_appraisal",
    "comments_comment",
    "comments_currentstance",
    "comments_reaction",
    "comments_stancerecord",
}


class PageVersionTriggerTests(Cast):
    """The triggers."""

    def series(self) -> Series:
        series = make_series(self.author)
        Part.objects.create(series=series, position=1, title="One", post=self.post)
        return series

    def test_every_table_that_public_pages_read_is_watched(self) -> None:
        self.series()
        make_comment(self.post, self.reader, self.stances["same"])
        with CaptureQueriesContext(connection) as queries:
            for address in ("/", "/about/", "/series/", self.post.get_absolute_url()):
                self.assertEqual(Client().get(address).status_code, 200)
        tables = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(q["sql"] for q in queries)))
        unwatched = tables - set(page_versions.WATCHED) - MOVED_WITH_THE_DISCUSSION
        self.assertEqual(unwatched, {"posts_edition"})

    def test_writes_past_the_models_move_it(self) -> None:
        question = self.post.question
        other = make_question(make_post(self.author))
        series = self.series()
        writes: dict[str, Callable[[], object]] = {
            "handle": lambda: User.objects.filter(pk=self.reader.pk).update(handle="renamed"),
            "ban": lambda: User.objects.filter(pk=self.reader.pk).update(banned_at=timezone.now()),
            "slug": lambda: Post.objects.filter(pk=self.post.pk).update(slug="elsewhere"),
            "byline": lambda: Authorship.objects.filter(post=self.post).update(position=3),
            "series": lambda: Series.objects.filter(pk=series.pk).update(title="Another"),
            "part": lambda: Part.objects.filter(series=series).update(title="Another"),
            "promise": lambda: Promise.objects.create(post=self.post, exact="I promise"),
            "question": lambda: Question.objects.filter(pk=question.pk).update(version=None),
            "stance": lambda: Stance.objects.filter(question=question).update(word="Other"),
            "sealed answer": lambda: seal_answer(
                other, author=self.author, stance_key="same", opening=Opening(after=9)
            ),
            "new post": lambda: make_post(self.author),
        }
        for name, write in writes.items():
            with self.subTest(name):
                before = page_versions.current_edition()
                write()
                self.assertGreater(page_versions.current_edition(), before)

    def test_drafts_and_figures_leave_it(self) -> None:
        question = self.post.question
        before = page_versions.current_edition()
        Post.objects.filter(pk=self.post.pk).update(comment_count=7)
        Stance.objects.filter(question=question).update(answer_count=7)
        User.objects.filter(pk=self.reader.pk).update(last_login=timezone.now())
        self.assertEqual(page_versions.current_edition(), before)

    def test_there_is_one_edition(self) -> None:
        self.assertEqual(Edition.objects.count(), 1)

    def test_a_trigger_that_was_lost_comes_back(self) -> None:
        name = "posts_series_moves_edition"
        if connection.vendor != "postgresql":
            name = "posts_series_update_moves_edition"
        on_table = " ON posts_series" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}{on_table}")
        series = self.series()
        before = page_versions.current_edition()
        Series.objects.filter(pk=series.pk).update(title="Unseen")
        self.assertEqual(page_versions.current_edition(), before)
        page_versions.install_triggers()
        Series.objects.filter(pk=series.pk).update(title="Seen")
        self.assertGreater(page_versions.current_edition(), before)


class PageExpiryTests(Cast):
    """A cached page expires when the next post is published."""

    def test_a_page_ends_with_the_next_publication(self) -> None:
        soon = timezone.now() + timedelta(minutes=5)
        make_post(self.author, published_at=soon + timedelta(days=1))
        make_post(self.author, published_at=soon)
        Client().get("/")
        page = store.slot("/").page
        assert page is not None
        self.assertEqual(page.kept.until, soon.timestamp())
