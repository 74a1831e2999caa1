"""Test the public pages of the publication: posts, series, front page."""

import html
import re
from datetime import timedelta
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.caching.pages import store
from core.templatetags.core_tags import SHAPES
from posts import actions
from posts.actions import PartInput, PromiseInput
from posts.models import Part, Post, Promise, Revision, Series, Stance
from posts.text.reading_time import reading_minutes
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question

PROMISED = "There will be more."
SERIES = "/series/the-series/"


def page_shapes(page: str) -> set[str]:
    """Return the names of the shapes that a page defines."""
    return set(re.findall(r'<symbol id="g-(\w+)"', page))


class PublicationCase(Cast):
    """A series of three: the cast's post with a promise, a post that keeps it, a planned part."""

    series: ClassVar[Series]
    parts: ClassVar[list[Part]]
    second: ClassVar[Post]
    promise: ClassVar[Promise]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.second = make_post(
            cls.author, slug="second", title="The second", body="Here it is.", published_at=None
        )
        cls.series = actions.save_series(
            None, by=cls.author, title="The series", standfirst="In short", description="*All*"
        )
        cls.parts = actions.set_parts(
            cls.series,
            [
                PartInput("One", post_id=cls.post.pk),
                PartInput("Two", "What two will say", post_id=cls.second.pk),
                PartInput("Three", "What three will say"),
            ],
        )
        (cls.promise,) = actions.set_promises(
            cls.post, [PromiseInput(PROMISED, part_ids=(cls.parts[1].pk,))]
        )

    def page(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, path
        return response.content.decode()


class PostPageTest(PublicationCase):
    """The page of a post, top to bottom."""

    def setUp(self) -> None:
        self.path = self.post.get_absolute_url()

    def test_what_it_says(self) -> None:
        page = self.page(self.path)
        assert len(re.findall("<h1", page)) == 1
        assert "Part 1 of 3 announced" in " ".join(page.split())
        assert "What two will say" in page
        assert f'href="{self.author.get_absolute_url()}"' in page
        # HTML allows at most three decimal digits of a second.
        assert f'<time datetime="{self.post.published_at:%Y-%m-%dT%H:%M:%S}+00:00"' in page
        assert 'href="#discussion"' in page
        assert f'content="http://testserver{self.path}"' in page
        assert '<article class="post" lang="en" dir="ltr">' in page

    def test_language_and_direction_are_the_posts(self) -> None:
        Post.objects.filter(pk=self.post.pk).update(language="he", direction="rtl")
        assert '<article class="post" lang="he" dir="rtl">' in self.page(self.path)

    def test_a_promise_is_marked_and_says_what_became_of_it(self) -> None:
        mark = f'<span id="promise-{self.promise.pk}" class="promise" data-state="drafting">'
        assert f"{mark}{PROMISED}</span></p>" in self.page(self.path)
        actions.publish(self.second, by=self.author)
        page = self.page(self.path)
        assert f"{mark}{PROMISED}".replace("drafting", "kept") in page
        note = page.split('role="note"')[1].split("</p>")[0]
        assert "A promise, kept" in note
        assert 'href="/posts/second/"' in note

    def test_the_part_that_keeps_it_links_back(self) -> None:
        actions.publish(self.second, by=self.author)
        page = self.page("/posts/second/")
        assert f'href="{self.path}#promise-{self.promise.pk}"' in page
        assert PROMISED in page
        assert "Keeps a promise from" in page
        self.promise.parts.add(self.parts[2])
        assert "Part of a promise from" in self.page("/posts/second/")

    def test_a_withdrawn_promise_says_why(self) -> None:
        words = PromiseInput(PROMISED, id=self.promise.pk, withdrawn_reason="I was <wrong>.")
        actions.set_promises(self.post, [words])
        assert "I was &lt;wrong&gt;." in self.page(self.path)

    def test_a_promise_whose_sentence_went_is_listed_all_the_same(self) -> None:
        actions.save_draft(self.post, by=self.author, title="T", body="Quite other words.")
        actions.publish(self.post, by=self.author)
        page = self.page(self.path)
        assert f'<div class="promise-lost" id="promise-{self.promise.pk}">' in page
        assert PROMISED in page

    def test_parts_that_are_out_are_linked_and_planned_ones_named(self) -> None:
        page = self.page(self.path)
        assert 'href="/posts/second/"' not in page
        actions.publish(self.second, by=self.author)
        page = self.page(self.path)
        assert 'rel="next" href="/posts/second/"' in page
        assert "Three" in page

    def test_a_post_without_series_promises_or_question(self) -> None:
        plain = make_post(self.author, body="Just words.")
        page = self.page(plain.get_absolute_url())
        assert "Just words." in page
        assert "announced" not in page

    def test_the_public_page_defines_the_shapes_that_it_may_show_and_no_others(self) -> None:
        self.client.logout()
        make_comment(self.post, self.author, self.stances["same"])
        Stance.objects.filter(pk=self.stances["different"].pk).update(shape="stacked")
        for path, more in ((self.path, {"stacked", "within"}), (self.plain(), set())):
            page = self.page(path)
            defined = page_shapes(page)
            assert defined == {"crossing", *more}
            assert set(re.findall(r'href="#g-(\w+)"', page)) == defined
        self.client.force_login(self.author)
        assert page_shapes(self.page(self.path)) == SHAPES

    def plain(self) -> str:
        """Return the path of a post without a question."""
        return make_post(self.author, body="Just words.").get_absolute_url()

    def test_an_unknown_post_is_not_found(self) -> None:
        assert self.client.get("/posts/nope/").status_code == 404
        assert self.client.get("/series/nope/").status_code == 404

    def test_pages_are_only_read(self) -> None:
        pages = ("/", "/archive/", "/series/", "/about/", "/feeds/posts/", "/sitemap.xml")
        for path in (self.path, *pages):
            assert self.client.post(path).status_code == 405, path


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


class PublicPageTest(PublicationCase):
    """Without a session cookie, a page has the same bytes for everyone."""

    def test_no_token_no_cookie_no_person(self) -> None:
        paths = ("/", "/series/", "/series/the-series/", "/about/", self.post.get_absolute_url())
        for path in paths:
            with self.subTest(path=path):
                one = self.client.get(path)
                other = Client(headers={"accept-language": "de", "hx-request": "true"}).get(path)
                assert one.content == other.content
                assert not one.cookies
                assert not other.cookies
                self.assertNotContains(one, "csrfmiddlewaretoken")
                self.assertNotContains(one, 'method="post"')
                assert "public" in one["Cache-Control"]

    def test_it_is_shared_by_e_mail_with_its_title_and_address_alone(self) -> None:
        """Whatever is in the title, no header and no other receiver comes with it."""
        title = 'Half & half? 50 % "off": &bcc=eve@example.org ✓'
        post = make_post(self.author, slug="half", title=title)
        page = self.page(post.get_absolute_url())
        [sent] = re.findall(r'<a href="(mailto:[^"]+)">Share by e-mail</a>', page)
        mail = urlsplit(html.unescape(sent))
        assert mail.path == ""
        address = f"http://testserver{post.get_absolute_url()}"
        assert parse_qs(mail.query, strict_parsing=True) == {"subject": [title], "body": [address]}
        assert "+" not in mail.query
        self.sign_in(self.reader)
        assert "mailto:" not in self.page(post.get_absolute_url())

    def test_signed_in_it_is_nobody_elses(self) -> None:
        public = self.client.get(self.post.get_absolute_url()).content
        self.sign_in(self.reader)
        response = self.client.get(self.post.get_absolute_url())
        assert response.content != public
        assert response["Cache-Control"] == "private, no-store"


class QueryCountTest(PublicationCase):
    """The number of queries, the same for any number of rows."""

    def queries(self, path: str) -> int:
        store.clear()
        with CaptureQueriesContext(connection) as queries:
            self.page(path)
        return len(queries)

    def grow(self) -> None:
        """Make everything there is one of twelve of."""
        now = timezone.now()
        plans = [PartInput(part.title, post_id=part.post_id, id=part.pk) for part in self.parts]
        for number in range(12):
            post = make_post(self.author, published_at=now - timedelta(days=2, hours=number))
            make_question(post)
            plans.append(PartInput(f"More {number}", post_id=post.pk))
            actions.set_promises(post, [PromiseInput(PROMISED, part_ids=(self.parts[0].pk,))])
        parts = actions.set_parts(self.series, plans)
        actions.save_draft(
            self.post,
            by=self.author,
            title="T",
            body="\n\n".join(f"Promise number {number}." for number in range(12)),
        )
        actions.publish(self.post, by=self.author)
        post = Post.objects.get(pk=self.post.pk)
        ids = tuple(part.pk for part in parts)
        actions.set_promises(
            post, [PromiseInput(f"Promise number {n}.", part_ids=ids) for n in range(12)]
        )

    def test_they_do_not_grow(self) -> None:
        lists = ("/", "/archive/", "/archive/?by=series", "/series/", "/series/the-series/")
        paths = (*lists, self.post.get_absolute_url())
        before = {path: self.queries(path) for path in paths}
        self.grow()
        assert {path: self.queries(path) for path in paths} == before
        assert before[self.post.get_absolute_url()] <= 12
        assert all(before[path] <= 8 for path in lists), before


class EditLinkTests(Cast):
    """The way from an article to its editor, for those who may use it."""

    def test_it_is_there_for_its_author_and_admins_alone(self) -> None:
        """It is on no public page, and costs no query: two people's pages ask as many."""
        url = self.post.get_absolute_url()
        link = f'href="{reverse("posts:studio-post", args=[self.post.pk])}"'
        self.assertNotContains(self.client.get(url), link)
        asked = {}
        for person in (self.reader, self.author, self.other_author, self.moderator, self.admin):
            self.sign_in(person)
            self.client.get(url)
            with CaptureQueriesContext(connection) as queries:
                page = self.client.get(url).content.decode()
            asked[person.handle] = len(queries)
            self.assertEqual(link in page, person in {self.author, self.admin}, person.handle)
        self.assertEqual(asked["ada"], asked["otto"])

    def test_the_length_is_that_of_what_is_read(self) -> None:
        code = "```\n" + "word " * 2000 + "\n```\n"
        for body, minutes in (("word " * 714, 3), (code, 1), (f"{'word ' * 476}\n\n{code}", 2)):
            self.assertEqual(reading_minutes(body), minutes)
        self.assertContains(self.client.get(self.post.get_absolute_url()), "1 min read")

    def test_the_length_is_stored_with_the_text(self) -> None:
        revision = Revision.objects.get(post=self.post)
        self.assertEqual(revision.minutes, 1)
        other = make_post(self.author)
        for post, minutes in ((self.post, 7), (other, None)):
            Revision.objects.filter(post=post).update(minutes=minutes)
            page = self.client.get(post.get_absolute_url()).text
            self.assertEqual("7 min read" in page, bool(minutes))
            self.assertEqual("min read" in page, bool(minutes))
