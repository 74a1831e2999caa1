"""Test the list of comments new since a page, including those stored or approved late."""

import re
from threading import Event
from unittest import mock

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from accounts.models import Role, User
from comments.actions import states
from comments.actions.comments import Draft, delete_comment, post_comment
from comments.actions.edits import edit_comment
from comments.listing import new_since
from comments.models import Comment, CommentState
from core.caching.pages import store
from posts.models import Post
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_user


def version(post: Post) -> int:
    """Return the version of the page of `post` that somebody sees now."""
    return Post.objects.get(pk=post.pk).page_version


def new(post: Post, since: int, size: int = 100) -> list[int]:
    """Return the ids of all that is new since a version, page by page."""
    found: list[int] = []
    after = ""
    while True:
        page = new_since.page(post, since, after, size)
        found += [entry.id for entry in page.comments]
        after = page.next
        if not after:
            return found


class ArrivalTests(Cast):
    """A reader who returns to a discussion."""

    seen: Comment

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.seen = make_comment(cls.post, cls.reader)

    def test_new_are_those_after_the_page_that_was_seen(self) -> None:
        before = version(self.post)
        self.assertEqual(new(self.post, before), [])
        made = [make_comment(self.post, self.stranger, parent=self.seen) for _ in range(5)]
        ids = [comment.pk for comment in made]
        for size in (1, 2, 5, 50):
            self.assertEqual(new(self.post, before, size), ids, size)
        self.assertEqual(new(self.post, 0), [self.seen.pk, *ids])

    def test_a_late_approval_is_new_though_it_was_written_before(self) -> None:
        draft = Draft(self.newcomer, self.post, "Early.", stance=self.stances["same"])
        held = post_comment(draft).comment
        make_comment(self.post, self.stranger)
        before = version(self.post)
        states.change_state(held, to=CommentState.PUBLISHED)
        self.assertEqual(new(self.post, before), [held.pk])

    def test_what_was_held_at_the_visit_and_approved_again_is_new(self) -> None:
        states.change_state(self.seen, to=CommentState.HELD, held_reason="links")
        before = version(self.post)
        states.change_state(self.seen, to=CommentState.PUBLISHED)
        self.assertEqual(new(self.post, before), [self.seen.pk])

    def test_what_was_there_is_not_new_for_being_edited(self) -> None:
        before = version(self.post)
        edit_comment(self.seen, by=self.reader, body="In other words.", now=timezone.now())
        self.assertEqual(new(self.post, before), [])

    def test_what_came_and_went_is_not_shown(self) -> None:
        before = version(self.post)
        delete_comment(make_comment(self.post, self.stranger))
        self.assertEqual(new(self.post, before), [])

    def test_writes_between_pages_make_nothing_come_twice_or_be_missed(self) -> None:
        before = version(self.post)
        made = [make_comment(self.post, self.stranger).pk for _ in range(4)]
        first = new_since.page(self.post, before, "", 2)
        made.append(make_comment(self.post, self.reader).pk)
        rest = new_since.page(self.post, before, first.next, 50)
        self.assertEqual([entry.id for entry in [*first.comments, *rest.comments]], made)


class NewSincePageTests(Cast):
    """The link in the discussion and its page, without scripts."""

    def follow(self) -> str:
        """Return where the link to what is new leads, as the page shows it now."""
        page = self.client.get(self.post.get_absolute_url()).text
        found = re.search(r'href="([^"#]*\?since=\d+)#discussion"', page)
        assert found, "there is no link to what is new"
        return found[1]

    def test_the_link_shows_what_came_after_the_page(self) -> None:
        seen = make_comment(self.post, self.reader)
        address = self.follow()
        self.assertContains(self.client.get(address), "Nothing new since then.")
        reply = make_comment(self.post, self.stranger, parent=seen, body="Something new.")
        store.clear()
        page = self.client.get(address)
        self.assertContains(page, "1 new comment")
        self.assertContains(page, f'id="comment-{reply.pk}"')
        self.assertNotContains(page, f'id="comment-{seen.pk}"')
        # It shows the parent of the new comment.
        self.assertContains(page, f"?thread={seen.pk}#comment-{seen.pk}")

    def test_the_signed_in_page_has_it_too(self) -> None:
        make_comment(self.post, self.reader)
        self.sign_in(self.reader)
        address = self.follow()
        late = make_comment(self.post, self.stranger)
        self.assertContains(self.client.get(address), f'id="comment-{late.pk}"')

    def test_more_than_a_page_of_new_comments(self) -> None:
        made = [make_comment(self.post, self.stranger) for _ in range(3)]
        page = self.client.get(self.post.get_absolute_url(), {"since": 0, "size": 2})
        self.assertContains(page, "More than 2 new comments")
        found = re.search(r'href="([^"#]*after=n[^"#]*)#', page.text)
        assert found
        rest = self.client.get(found[1].replace("&amp;", "&"))
        self.assertContains(rest, f'id="comment-{made[2].pk}"')
        self.assertNotContains(rest, f'id="comment-{made[1].pk}"')

    def test_other_views_leave_it(self) -> None:
        make_comment(self.post, self.reader)
        page = self.client.get(self.post.get_absolute_url(), {"since": 0}).text
        self.assertNotIn("since=0", re.sub(r"(?s).*<ol", "", page))
        self.assertNotRegex(page, r"stance=[^\"]*since=|since=[^\"]*(stance|sort)=")

    def test_moments_that_no_page_had_are_not_found(self) -> None:
        url = self.post.get_absolute_url()
        for bad in ("x", "-1", "1.5", "٣", "9" * 19, "1 ", "0x1"):
            with self.subTest(bad):
                self.assertEqual(self.client.get(url, {"since": bad}).status_code, 404)
        self.assertEqual(self.client.get(url, {"since": "9" * 18}).status_code, 200)
        for bad in ("n1", "n1-", "nx-1", "t1-1-0000001", "f1-1", "r1-1"):
            with self.subTest(bad):
                got = self.client.get(url, {"since": "0", "after": bad})
                self.assertEqual(got.status_code, 404)


class LateCommitTests(TransactionTestCase):
    """Two writers with separate connections."""

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
    def test_what_was_written_before_the_visit_and_stored_after_it_is_new(self) -> None:
        post = make_post(make_user("ada", Role.AUTHOR))
        # Different stances, since both would otherwise wait for the row of the stance's count.
        stance, other = make_question(post).stances.all()[:2]
        slow, quick = make_user(is_demo=True), make_user(is_demo=True)
        written, visited = Event(), Event()
        versions: list[int] = []
        move_page = Post.add_comments

        def move_later(moved: Post, number: int) -> bool:
            """Let the slow writer have done all but this when the other one begins."""
            if not written.is_set():
                written.set()
                assert visited.wait(60)
            return move_page(moved, number)

        def write_slowly() -> Comment:
            return post_comment(Draft(slow, post, "Written first.", stance=stance)).comment

        def write_and_visit() -> Comment:
            try:
                assert written.wait(60)
                made = post_comment(Draft(quick, post, "Stored first.", stance=other)).comment
                versions.append(version(post))
                return made
            finally:
                visited.set()

        with mock.patch.object(Post, "add_comments", move_later):
            late, early = at_once(write_slowly, write_and_visit)
        self.assertLess((late.created_at, late.pk), (early.created_at, early.pk))
        self.assertEqual(new(post, versions[0]), [late.pk])

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
    def test_a_version_is_given_once_and_seen_in_order(self) -> None:
        post = make_post(make_user("ada", Role.AUTHOR))
        stance = make_question(post).stances.first()
        people = [make_user(is_demo=True) for _ in range(8)]

        def write(who: User) -> tuple[int, list[int]]:
            post_comment(Draft(who, post, "A reason.", stance=stance))
            before = version(post)
            seen = Comment.objects.filter(post=post, arrival__lte=before)
            return before, sorted(
                arrival or 0 for arrival in seen.values_list("arrival", flat=True)
            )

        for before, arrivals_seen in at_once(*(lambda who=who: write(who) for who in people)):
            self.assertEqual(arrivals_seen, list(range(1, before + 1)))
