"""Test what is new since the last visit: its marks, the count, the ways to it, and their end."""

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import states
from comments.actions.comments import delete_comment
from comments.models import Comment, CommentState
from comments.reading import visits
from core import limits
from core.caching.pages import store
from posts.models import Post, Visit
from tests.cast import Cast
from tests.comments.rendering.test_discussion import PERSONAL_QUERIES
from tests.factories import make_comment, make_post

MARK = '<span class="new">'


class VisitCase(Cast):
    """A discussion with one comment, which the reader has seen at an earlier visit."""

    def setUp(self) -> None:
        self.seen = make_comment(self.post, self.stranger)
        self.url = self.post.get_absolute_url()
        self.visit_url = reverse("comments:visit", args=[self.post.slug])
        self.read_url = reverse("comments:visit-read", args=[self.post.slug])
        self.sign_in(self.reader)

    def version(self) -> int:
        return Post.objects.get(pk=self.post.pk).page_version

    def page(self, query: str = "", client: Client | None = None) -> str:
        return (client or self.client).get(f"{self.url}{query}").text

    def visit(self, client: Client | None = None) -> Any:
        """Look at the page and let its script tell that."""
        client = client or self.client
        found = re.search(r'data-visit="([^"]+)" data-version="(\d+)"', self.page(client=client))
        assert found
        return client.post(found[1], {"version": found[2]})

    def leave(self) -> None:
        """End all visits that there were."""
        ended = timezone.now() - timedelta(seconds=limits.VISIT_ENDS + 1)
        Visit.objects.update(seen_at=ended)

    def come_back(self) -> None:
        """Have visited, and be away until something new comes."""
        self.assertEqual(self.visit().status_code, 204)
        self.leave()

    def new(self, client: Client | None = None, query: str = "") -> list[int]:
        """Return the ids of the comments that are marked as new."""
        cards = self.page(query, client).split('<article class="comment')[1:]
        found = [re.search(r"data-comment-id=\"(\d+)", card) for card in cards if MARK in card]
        return [int(each[1]) for each in found if each]


class MarkTests(VisitCase):
    """What is marked, and for whom."""

    def test_nothing_is_new_to_somebody_of_whom_no_visit_is_known(self) -> None:
        self.assertEqual(self.new(), [])
        self.assertNotIn("since your last visit", self.page())

    def test_what_came_since_the_visit_is_marked_in_words_and_counted(self) -> None:
        self.come_back()
        self.assertEqual(self.new(), [])
        reply = make_comment(self.post, self.stranger, parent=self.seen)
        root = make_comment(self.post, self.stranger)
        self.assertEqual(self.new(), [reply.pk, root.pk])
        page = self.page()
        self.assertIn("2 new comments since your last visit", page)
        self.assertIn(f'{MARK}<span class="dot" aria-hidden="true"></span>New</span>', page)

    def test_it_is_marked_on_all_devices(self) -> None:
        self.come_back()
        late = make_comment(self.post, self.stranger)
        phone = Client()
        phone.force_login(self.reader)
        self.assertEqual(self.new(phone), [late.pk])
        self.visit(phone)
        self.leave()
        self.assertEqual(self.new(), [])

    def test_the_first_new_one_leads_to_the_next(self) -> None:
        self.come_back()
        root = make_comment(self.post, self.stranger)
        reply = make_comment(self.post, self.stranger, parent=self.seen)
        page = self.page()
        head = page.split('class="news"')[1].split("</header>")[0]
        self.assertIn(f'<a href="#comment-{reply.pk}">Go to the first</a>', head)
        cards = page.split('<article class="comment')
        of = {pk: next(card for card in cards if f'id="comment-{pk}"' in card) for pk in
              (reply.pk, root.pk, self.seen.pk)}  # fmt: skip
        self.assertIn(f'class="next-new" href="#comment-{root.pk}"', of[reply.pk])
        for pk in (root.pk, self.seen.pk):
            self.assertNotIn("next-new", of[pk])

    def test_only_the_new_ones_can_be_shown(self) -> None:
        self.come_back()
        late = make_comment(self.post, self.stranger)
        make_comment(self.post, self.reader)
        found = re.search(r'href="([^"]+since=\d+)#discussion"[^>]*>Show only these', self.page())
        assert found
        page = self.client.get(found[1]).text
        self.assertIn("1 new comment ", page)
        self.assertIn(f'id="comment-{late.pk}"', page)
        self.assertNotIn("since your last visit", page)

    def test_ones_own_are_not_new(self) -> None:
        self.come_back()
        make_comment(self.post, self.reader)
        self.assertEqual(self.new(), [])
        self.assertNotIn("since your last visit", self.page())

    def test_held_removed_and_deleted_ones_never_count(self) -> None:
        self.come_back()
        make_comment(self.post, self.newcomer)
        removed = make_comment(self.post, self.stranger)
        make_comment(self.post, self.reader, parent=removed)
        states.change_state(removed, to=CommentState.REMOVED, removed_reason="attack")
        delete_comment(make_comment(self.post, self.stranger))
        self.assertEqual(self.new(), [])
        self.assertNotIn("since your last visit", self.page())

    def test_one_approved_since_is_new_though_it_is_older(self) -> None:
        held = make_comment(self.post, self.newcomer)
        self.come_back()
        states.change_state(held, to=CommentState.PUBLISHED)
        self.assertEqual(self.new(), [held.pk])

    def test_nobody_else_sees_it(self) -> None:
        self.come_back()
        make_comment(self.post, self.stranger)
        other = Client()
        other.force_login(self.author)
        self.assertEqual(self.new(other), [])
        store.clear()
        self.assertNotIn('class="new', self.page(client=Client()))
        self.assertNotIn("visit/", self.page(client=Client()))

    def test_a_branch_that_is_cut_says_how_many_are_new_in_it(self) -> None:
        deep = self.seen
        for _level in range(limits.INDENT_WIDE):
            deep = make_comment(self.post, self.stranger, parent=deep)
        make_comment(self.post, self.stranger, parent=deep)
        self.come_back()
        self.assertNotIn("replies) ·", self.page())
        for _reply in range(2):
            make_comment(self.post, self.stranger, parent=deep)
        page = self.page()
        self.assertIn("Continue this thread (3 replies) · 2 new", page)
        self.assertIn("2 new comments since your last visit", page)
        self.assertNotIn("Go to the first", page)

    def test_a_thread_that_the_page_cuts_says_it_too(self) -> None:
        for _reply in range(3):
            make_comment(self.post, self.stranger, parent=self.seen)
        self.come_back()
        make_comment(self.post, self.stranger, parent=self.seen)
        self.assertIn("More replies in this thread · 1 new", self.page("?size=2&sort=oldest"))

    def test_more_than_are_counted(self) -> None:
        self.come_back()
        Comment.objects.bulk_create(_copies(self.seen, limits.NEWS_COUNTED + 5, self.version()))
        self.assertIn("More than 99 new comments since your last visit", self.page())

    def test_a_post_without_a_question(self) -> None:
        post = make_post(self.author)
        make_comment(post, self.stranger)
        self.url = post.get_absolute_url()
        self.come_back()
        late = make_comment(post, self.stranger)
        self.assertEqual(self.new(), [late.pk])


def _copies(comment: Comment, number: int, version: int) -> list[Comment]:
    """Return `number` unsaved roots like `comment` that arrived after `version`."""
    made = []
    for place in range(number):
        pk = comment.pk + 1000 + place
        copy = Comment.objects.get(pk=comment.pk)
        copy.pk = copy.thread_id = pk
        copy.path, copy.arrival, copy.form_key = f"{pk:07d}", version + 1, None
        made.append(copy)
    return made


class EndTests(VisitCase):
    """When a visit ends, and what ends the marks."""

    def test_a_reload_within_a_visit_leaves_the_marks(self) -> None:
        self.come_back()
        late = make_comment(self.post, self.stranger)
        for _reload in range(3):
            self.assertEqual(self.new(), [late.pk])
            self.visit()
        self.leave()
        self.assertEqual(self.new(), [])

    def test_what_comes_during_a_visit_is_new(self) -> None:
        self.visit()
        late = make_comment(self.post, self.stranger)
        self.assertEqual(self.new(), [late.pk])

    def test_marking_all_as_read_ends_the_marks_at_once(self) -> None:
        self.come_back()
        make_comment(self.post, self.stranger)
        shown = self.version()
        later = make_comment(self.post, self.stranger)
        answer = self.client.post(self.read_url, {"version": shown})
        self.assertRegex(answer["Location"], rf"^{re.escape(self.url)}\?marked=\d+-\d+#discussion$")
        self.assertEqual(self.new(), [later.pk])
        self.assertContains(self.client.get(self.url), "1 new comment since your last visit")

    def test_without_scripts_it_begins_with_the_button(self) -> None:
        form = self.page().split("<noscript>")[1].split("</noscript>")[0]
        self.assertIn(f'action="{self.read_url}"', form)
        version = re.search(r'name="version" value="(\d+)"', form)
        assert version
        self.client.post(self.read_url, {"version": version[1]})
        late = make_comment(self.post, self.stranger)
        self.assertEqual(self.new(), [late.pk])
        self.assertNotIn("<noscript>", self.page())

    def test_the_later_visit_wins(self) -> None:
        old = self.version()
        make_comment(self.post, self.stranger)
        self.visit()
        self.client.post(self.visit_url, {"version": old})
        self.assertEqual(Visit.objects.get().seen, self.version())
        self.leave()
        self.assertEqual(self.new(), [])

    def test_a_version_that_no_page_had_hides_nothing(self) -> None:
        for url in (self.visit_url, self.read_url):
            self.client.post(url, {"version": 2**62})
            self.leave()
        late = make_comment(self.post, self.stranger)
        self.assertEqual(self.new(), [late.pk])


class RefusalTests(VisitCase):
    """Requests that store nothing."""

    def test_somebody_signed_out(self) -> None:
        answer = Client().post(self.visit_url, {"version": 1})
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(Client().post(self.read_url, {"version": 1}).status_code, 302)
        self.assertFalse(Visit.objects.exists())

    def test_a_page_that_was_drawn_for_somebody_else(self) -> None:
        page = self.page()
        drawn = re.search(r'name="drawn_for" value="([^"]+)"', page)
        assert drawn
        self.sign_in(self.stranger)
        answer = self.client.post(self.visit_url, {"version": 1, "drawn_for": drawn[1]})
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(Visit.objects.exists())

    def test_a_request_without_the_token_of_the_page(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.reader)
        for url in (self.visit_url, self.read_url, reverse("comments:my-visits")):
            self.assertEqual(client.post(url, {"version": 1}).status_code, 403)
        self.assertFalse(Visit.objects.exists())

    def test_other_methods_and_other_values(self) -> None:
        for url in (self.visit_url, self.read_url):
            self.assertEqual(self.client.get(url).status_code, 405)
        for version in ("", "x", "-1", "1.5", "9" * 30):
            answer = self.client.post(self.visit_url, {"version": version})
            self.assertEqual(answer.status_code, 400, version)
        self.assertFalse(Visit.objects.exists())

    def test_a_post_that_one_may_not_read(self) -> None:
        draft = make_post(self.author, published_at=None)
        for name in ("visit", "visit-read", "visit-read-undo"):
            url = reverse(f"comments:{name}", args=[draft.slug])
            self.assertEqual(self.client.post(url, {"version": 1}).status_code, 404)

    def test_somebody_suspended_reads_as_all_others_do(self) -> None:
        self.sign_in(self.suspended)
        self.assertEqual(self.visit().status_code, 204)


class QueryTests(VisitCase):
    """The page costs no query more."""

    def queries(self) -> int:
        self.page()
        with CaptureQueriesContext(connection) as captured:
            self.page()
        return len(captured)

    def test_the_page_keeps_its_queries_with_news_and_writes_nothing(self) -> None:
        self.come_back()
        for _thread in range(3):
            make_comment(self.post, self.stranger)
        few = self.queries()
        for _thread in range(30):
            make_comment(self.post, self.stranger)
        self.assertEqual(self.queries(), few)
        self.assertLessEqual(few, PERSONAL_QUERIES)
        with CaptureQueriesContext(connection) as captured:
            self.page()
        self.assertFalse([q for q in captured if re.match("INSERT|UPDATE|DELETE", q["sql"])])


class MemoryTests(Cast):
    """How long visits are remembered, and whose they are."""

    def remember(self, reader: User, days: int) -> None:
        now = timezone.now() - timedelta(days=days)
        visits.read_up_to(self.post, 1, by=reader, now=now)

    def test_old_visits_are_forgotten(self) -> None:
        self.remember(self.reader, limits.VISIT_KEPT_DAYS + 1)
        self.remember(self.stranger, limits.VISIT_KEPT_DAYS - 1)
        visits.forget_old()
        self.assertEqual(Visit.objects.get().reader, self.stranger)
