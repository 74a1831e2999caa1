"""Test the pages that lead to posts: the front page, series, the archive."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts import actions
from posts.actions import PromiseInput
from posts.models import Part, Post
from tests.factories import make_comment, make_post

from .publication import SERIES, PublicationCase


class SeriesPageTest(PublicationCase):
    """A series with its parts, its promises and their state."""

    def test_parts_promises_and_their_state(self) -> None:
        page = " ".join(self.page("/series/the-series/").split())
        assert "1 of 3 announced parts published" in page
        assert "<em>All</em>" in page
        assert page.index("Part 1:") < page.index("Part 2:") < page.index("Part 3:")
        assert "In progress" in page
        assert "Planned" in page
        assert "A promise, in progress" in page
        assert f'href="{self.post.get_absolute_url()}#promise-{self.promise.pk}"' in page
        actions.publish(self.second, by=self.author)
        page = " ".join(self.page("/series/the-series/").split())
        assert "2 of 3 announced parts published" in page
        assert "A promise, kept" in page

    def test_each_open_promise_is_followed_here(self) -> None:
        """By a link for visitors, and by a press that works without scripts for others."""
        follow = f'"/follow/promise/{self.promise.pk}/"'
        assert f'href={follow} rel="nofollow">Tell me when this is kept' in self.page(SERIES)
        self.sign_in(self.reader)
        assert f"action={follow}" in self.page(SERIES)
        self.client.post(follow.strip('"'), {"follow": "1"})
        form = self.page(SERIES).split(f"action={follow}")[1].split("</form>")[0]
        assert "Stop following" in form
        actions.publish(self.second, by=self.author)
        assert follow not in self.page(SERIES)

    def test_many_promises_cost_no_query_more(self) -> None:
        self.sign_in(self.reader)
        self.page(SERIES)
        with CaptureQueriesContext(connection) as few:
            self.page(SERIES)
        body = " ".join(f"Promise number {number} is made." for number in range(8))
        more = make_post(self.author, body=body)
        Part.objects.create(series=self.series, position=4, title="More", post=more)
        made = [PromiseInput(f"Promise number {number} is made.") for number in range(8)]
        actions.set_promises(more, made)
        with CaptureQueriesContext(connection) as many:
            assert self.page(SERIES).count("Tell me when this is kept") == 9
        assert len(many) == len(few)

    def test_the_list_counts_parts(self) -> None:
        assert "1 of 3 announced parts published" in " ".join(self.page("/series/").split())


class FrontPageTest(PublicationCase):
    """What one does here, the newest post with its question, then others and the series."""

    def test_the_newest_leads_with_a_question_to_press(self) -> None:
        page = " ".join(self.page("/").split())
        assert 'Articles that end in a question</b> <span class="front__dot" aria-hidden' in page
        assert ">·</span> <span>Read an article, choose an answer" in page
        assert f'href="{self.post.get_absolute_url()}">Read the article</a>' in page
        assert "Are they different?" in page
        for key in self.stances:
            assert f'href="/posts/{self.post.slug}/answer/?stance={key}"' in page
        assert "Nobody has answered yet" in page
        make_comment(self.post, self.reader, self.stances["same"])
        assert "1 reader has answered" in " ".join(self.page("/").split())

    def test_the_series_says_what_is_planned(self) -> None:
        page = " ".join(self.page("/").split())
        contents = page[page.index('class="contents"') :]
        assert f'href="{self.post.get_absolute_url()}"' in contents
        assert "<span>Two</span> <small>in progress</small>" in contents
        assert "<span>Three</span> <small>planned</small>" in contents

    def test_older_posts_are_in_the_archive(self) -> None:
        now = timezone.now()
        make_post(self.author, title="Day 01", published_at=now - timedelta(days=1))
        assert ">All articles</a>" in self.page("/")
        for day in range(2, 16):
            make_post(self.author, title=f"Day {day:02}", published_at=now - timedelta(days=day))
        page = self.page("/")
        assert f">All {Post.objects.published().count()} articles</a>" in page
        assert "Day 06" in page
        assert "Day 07" not in page
        assert 'href="/archive/"' in page
        assert "Day 15" in self.page("/archive/")

    def test_nothing_published_yet(self) -> None:
        Post.objects.update(published_at=None, live_revision=None)
        assert "The first article is being written" in self.page("/")
        assert "The first article is being written" in self.page("/archive/")
        assert "No series yet" in self.page("/series/")

    def test_about(self) -> None:
        page = self.page("/about/")
        assert "Where you stand" in page
        assert len(re.findall("<h1", page)) == 1


class ArchiveTest(PublicationCase):
    """All posts, by year and by series."""

    def test_by_year(self) -> None:
        older = make_post(
            self.author, title="Long ago", published_at=timezone.now() - timedelta(days=800)
        )
        page = self.page("/archive/")
        assert page.index(self.post.title) < page.index("Long ago")
        for post in (self.post, older):
            assert f"{post.published_at.year}</h2>" in page  # type: ignore[union-attr]
        assert "Are they different?" in page
        assert "No question" in page
        assert self.second.title not in page

    def test_by_series_with_what_is_planned(self) -> None:
        make_post(self.author, title="A lonely one")
        page = self.page("/archive/?by=series")
        order = [
            "The series",
            self.post.title,
            "Two",
            "Three",
            "Not part of a series",
            "A lonely one",
        ]
        assert sorted(order, key=page.index) == order
        assert "1 article" in page
        assert self.second.title not in page

    def test_pages_that_are_not_there(self) -> None:
        for number in ("-1", "0", "99", "x", "1e9", "9" * 50, "\0"):
            assert self.client.get("/archive/", {"page": number}).status_code == 404, number
        for given in ("", "authors", "\0", "series&by=year"):
            assert self.client.get(f"/archive/?by={given}").status_code in {200, 400}, given
