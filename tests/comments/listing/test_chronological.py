"""Test pages of a discussion: every comment once, in order, by the same number of queries."""

from datetime import timedelta
from unittest import mock

from django.utils import timezone

from comments.actions import states
from comments.actions.comments import Draft, delete_comment, post_comment
from comments.listing import chronological, permalinks, sorts
from comments.listing.cursors import BadCursor
from comments.listing.page import ThreadPage
from comments.listing.sorts import Sort
from comments.models import Comment, CommentState
from core import limits
from tests.cast import Cast
from tests.factories import make_comment


class ReadingTests(Cast):
    """A discussion of a few threads, read page by page."""

    roots: list[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.roots = [make_comment(cls.post, cls.reader) for _thread in range(4)]
        for root in cls.roots[:3]:
            reply = make_comment(cls.post, cls.stranger, parent=root)
            make_comment(cls.post, cls.reader, parent=reply)
            make_comment(cls.post, cls.stranger, parent=root)

    def walk(self, sort: Sort, size: int) -> list[int]:
        """Return the ids of all pages, one after the other."""
        found, after = [], ""
        for _page in range(50):
            page = sorts.threads_page(self.post, sort, after, size)
            found += [comment.id for comment in page.comments]
            after = page.next
            if not after:
                return found
        raise AssertionError("the pages have no end")

    def tree(self, roots: list[Comment]) -> list[int]:
        """Return the ids of the threads of `roots` in tree order, from the table itself."""
        return [
            pk
            for root in roots
            for pk in Comment.objects.filter(thread=root)
            .order_by("path")
            .values_list("pk", flat=True)
        ]

    def test_oldest_first_shows_every_comment_once_whatever_the_page(self) -> None:
        for size in (1, 2, 3, 5, 50):
            self.assertEqual(self.walk(Sort.OLDEST, size), self.tree(self.roots), size)

    def test_newest_first_turns_the_threads_and_not_their_replies(self) -> None:
        for size in (1, 2, 3, 5, 50):
            self.assertEqual(self.walk(Sort.NEWEST, size), self.tree(self.roots[::-1]), size)

    def test_most_replied_first(self) -> None:
        page = sorts.threads_page(self.post, Sort.REPLIES, "", 50)
        self.assertEqual(page.nodes[-1].comment.id, self.roots[3].pk)
        self.assertEqual(len(page.comments), 13)

    @mock.patch.object(limits, "THREADS_PER_PAGE", 2)
    def test_a_ranking_does_not_move_between_pages(self) -> None:
        first = sorts.threads_page(self.post, Sort.REPLIES, "", 50)
        for _reply in range(5):
            make_comment(self.post, self.stranger, parent=self.roots[3])
        second = sorts.threads_page(self.post, Sort.REPLIES, first.next, 50)
        seen = [node.comment.id for node in [*first.nodes, *second.nodes]]
        self.assertEqual(sorted(seen), sorted(root.pk for root in self.roots))

    def test_long_comments_make_pages_of_fewer(self) -> None:
        for bytes_allowed in (1, 2_000, 4_500):
            with mock.patch.object(limits, "PAGE_BYTES", bytes_allowed):
                self.assertEqual(self.walk(Sort.OLDEST, 50), self.tree(self.roots))
                self.assertEqual(self.walk(Sort.NEWEST, 50), self.tree(self.roots[::-1]))
                page = sorts.threads_page(self.post, Sort.OLDEST, "", 50)
                self.assertEqual(
                    len(page.comments), max(1, bytes_allowed // (limits.CARD_BYTES + 40))
                )
                for root in self.roots:
                    self.client.force_login(self.stranger)
                    url = permalinks.page_url(root)
                    self.assertContains(self.client.get(url), f'id="comment-{root.pk}"')

    def test_who_asks_for_many_gets_them_however_long(self) -> None:
        with mock.patch.object(limits, "PAGE_BYTES", 1):
            page = sorts.threads_page(self.post, Sort.OLDEST, "", 51)
        self.assertEqual(len(page.comments), Comment.objects.count())

    @mock.patch.object(limits, "THREADS_PER_PAGE", 2)
    def test_a_page_holds_no_more_threads_than_allowed(self) -> None:
        page = sorts.threads_page(self.post, Sort.OLDEST, "", 50)
        self.assertEqual(
            [node.comment.id for node in page.nodes], [root.pk for root in self.roots[:2]]
        )
        self.assertEqual(page.next_thread, "")

    def test_a_cut_thread_offers_the_next_one(self) -> None:
        page = sorts.threads_page(self.post, Sort.OLDEST, "", 2)
        following = sorts.threads_page(self.post, Sort.OLDEST, page.next_thread, 50)
        self.assertEqual(following.nodes[0].comment.id, self.roots[1].pk)

    def test_a_late_approval_takes_its_place_by_publication(self) -> None:
        early = timezone.now() - timedelta(days=200)
        draft = Draft(self.newcomer, self.post, "Early.", stance=self.stances["same"])
        held = post_comment(draft, now=early).comment
        states.change_state(held, to=CommentState.PUBLISHED)
        self.assertEqual(self.walk(Sort.OLDEST, 50)[-1], held.pk)

    def test_one_query_a_page(self) -> None:
        with self.assertNumQueries(1):
            sorts.threads_page(self.post, Sort.OLDEST, "", 50)

    def test_by_stance_the_list_is_flat_and_complete(self) -> None:
        stance = self.stances["different"]
        for sort in set(Sort) - {Sort.DIVISIVE}:  # in that one are only those readers know
            found, after = [], ""
            while True:
                page = sorts.stance_page(self.post, stance, sort, after, 4)
                found += [comment.id for comment in page.comments]
                after = page.next
                if not after:
                    break
            self.assertEqual(len(found), len(set(found)), sort)
            self.assertEqual(set(found), set(Comment.objects.values_list("pk", flat=True)), sort)

    def test_a_branch_shows_what_it_answers(self) -> None:
        reply = (
            Comment.objects.filter(thread=self.roots[0], depth=1).select_related("thread").first()
        )
        assert reply is not None
        page = chronological.branch_page(self.post, reply, "", 50)
        self.assertEqual([entry.id for entry in page.ancestors], [self.roots[0].pk])
        self.assertEqual(page.comments[0].id, reply.pk)
        self.assertEqual(len(page.comments), 2)

    def test_deleted_leaves_are_gone_and_tombstones_stay(self) -> None:
        delete_comment(self.roots[0])
        delete_comment(self.roots[3])
        shown = self.walk(Sort.OLDEST, 50)
        self.assertIn(self.roots[0].pk, shown)
        self.assertNotIn(self.roots[3].pk, shown)

    def test_cursors_that_no_page_wrote_are_refused(self) -> None:
        for bad in ("garbage", "t1-2", "-1", "t1-1-0000001'--"):
            with self.subTest(bad), self.assertRaises(BadCursor):
                sorts.threads_page(self.post, Sort.OLDEST, bad, 50)

    def test_held_replies_hang_where_they_will_stand(self) -> None:
        draft = Draft(
            self.newcomer, self.post, "Mine.", parent=self.roots[1], stance=self.stances["same"]
        )
        held = post_comment(draft).comment
        page: ThreadPage = sorts.threads_page(self.post, Sort.OLDEST, "", 50)
        self.assertNotIn(held.pk, [comment.id for comment in page.comments])
        self.assertEqual(
            chronological.place_held(page, chronological.held_by(self.post, self.newcomer)), []
        )
        self.assertEqual(page.nodes[1].replies[-1].comment.id, held.pk)


class PermalinkRedirectTests(Cast):
    """Redirects of permalinks to a page that shows the comment."""

    def assert_found(self, comment: Comment) -> None:
        self.sign_in(self.reader)
        url = permalinks.page_url(comment)
        answer = self.client.get(url.split("#")[0])
        self.assertContains(answer, f'id="comment-{comment.pk}"')

    def test_on_the_first_page(self) -> None:
        comment = make_comment(self.post, self.reader)
        self.assertEqual(
            permalinks.page_url(comment), f"{self.post.get_absolute_url()}#comment-{comment.pk}"
        )
        self.assert_found(comment)

    def test_on_a_later_page(self) -> None:
        comments = [make_comment(self.post, self.reader) for _thread in range(25)]
        self.assertIn("after=", permalinks.page_url(comments[-1]))
        self.assert_found(comments[-1])

    def test_deep_in_a_thread(self) -> None:
        comment = make_comment(self.post, self.reader)
        for _level in range(9):
            comment = make_comment(self.post, self.reader, parent=comment)
        self.assertIn("thread=", permalinks.page_url(comment))
        self.assert_found(comment)

    def test_far_down_a_long_thread(self) -> None:
        root = make_comment(self.post, self.author)
        replies = [make_comment(self.post, self.author, parent=root) for _reply in range(60)]
        self.assert_found(replies[-1])
