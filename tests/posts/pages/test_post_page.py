"""Test the public page of a post, and what all public pages of the publication have."""

import html
import re
from datetime import timedelta
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
from posts.models import Post, Revision, Stance
from posts.text.reading_time import reading_minutes
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question

from .publication import PROMISED, PublicationCase, page_shapes


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
