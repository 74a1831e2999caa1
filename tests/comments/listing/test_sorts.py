"""Test the table of sorts: every entry is complete, and each part of it works."""

import re
from dataclasses import replace
from unittest import mock

from django.db.models import Index

from comments.listing import sorts
from comments.listing.cursors import BadCursor
from comments.listing.sorts import SORTS, Sort
from comments.models import Appraisal, Comment
from comments.ranking import constants
from comments.ranking.stored_columns import FrontPage
from comments.ranking.tasks import rank
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment

INDEXES: dict[str, Index] = {
    index.name: index for model in (Comment, Appraisal) for index in model._meta.indexes
}
ROOT = re.compile(r'data-comment-id="(\d+)" data-depth="0"')


class TableTests(Cast):
    """Each sort has an entry, and each part of an entry works."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make a discussion with enough threads to be ranked, and a reply."""
        super().setUpTestData()
        for number in range(constants.FIRST_SCREEN + 1):
            stance = cls.stances["same" if number % 2 else "different"]
            root = make_comment(cls.post, cls.reader, stance)
        make_comment(cls.post, cls.stranger, cls.stances["same"], parent=root)
        rank(cls.post)
        cls.post.refresh_from_db()

    def test_every_sort_has_an_entry_and_a_label_of_its_own(self) -> None:
        self.assertEqual(set(SORTS), set(Sort))
        self.assertEqual(len({str(entry.label) for entry in SORTS.values()}), len(Sort))

    def test_a_sort_without_an_entry_is_read_as_no_other_sort(self) -> None:
        for sort in Sort:
            others = {other: entry for other, entry in SORTS.items() if other != sort}
            with self.subTest(sort), mock.patch.object(sorts, "SORTS", others):
                with self.assertRaises(KeyError):
                    sorts.threads_page(self.post, sort, "", 50)
                with self.assertRaises(KeyError):
                    sorts.stance_page(self.post, self.stances["same"], sort, "", 50)

    def test_every_order_names_an_index_of_one_post(self) -> None:
        for sort, entry in SORTS.items():
            for order in (entry.threads, entry.with_stance):
                with self.subTest(sort, index=order.index):
                    first = "thread" if order.index == "comment_branch" else "post"
                    self.assertEqual(INDEXES[order.index].fields[0], first)

    def test_every_page_is_read_and_ends_with_a_cursor_of_the_order(self) -> None:
        same = self.stances["same"]
        for sort, entry in SORTS.items():
            if sort == Sort.DIVISIVE:
                continue  # no reader has reacted, and it holds what readers know
            threads = sorts.threads_page(self.post, sort, "", 1)
            flat = sorts.stance_page(self.post, same, sort, "", 1)
            for page, order in ((threads, entry.threads), (flat, entry.with_stance)):
                with self.subTest(sort, cursor=order.cursor.__name__):
                    self.assertEqual(len(page.comments), 1)
                    self.assertTrue(page.next.startswith(order.cursor.PREFIX))

    def test_every_order_refuses_a_cursor_of_another(self) -> None:
        for sort in Sort:
            with self.subTest(sort), self.assertRaises(BadCursor):
                sorts.threads_page(self.post, sort, "b0000001", 50)
            with self.subTest(sort, flat=True), self.assertRaises(BadCursor):
                sorts.stance_page(self.post, self.stances["same"], sort, "b0000001", 50)

    def test_the_menu_has_the_sorts_that_have_something_to_go_by(self) -> None:
        self.assertEqual(list(sorts.offered(is_ranked=True)), list(SORTS))
        self.assertEqual(
            list(sorts.offered(is_ranked=False)), [Sort.NEWEST, Sort.OLDEST, Sort.REPLIES]
        )
        self.assertEqual(
            list(sorts.offered(is_ranked=True, has_sides=False)),
            [Sort.BALANCED, Sort.NEWEST, Sort.OLDEST, Sort.REPLIES],
        )

    def test_an_order_by_sides_takes_two_of_them(self) -> None:
        url = self.post.get_absolute_url()
        by_sides = [sort for sort, entry in SORTS.items() if entry.needs_sides]
        self.assertEqual(by_sides, [Sort.COMMON, Sort.DIVISIVE])
        shown = self.client.get(url).text
        for sort in by_sides:
            self.assertNotIn(f">{SORTS[sort].label}<", shown)
            found = self.client.get(f"{url}?sort={sort}").text
            self.assertEqual(ROOT.findall(found), ROOT.findall(shown))
        front = FrontPage.parse(Post.objects.get(pk=self.post.pk).front)
        assert front is not None
        Post.objects.get(pk=self.post.pk).set_front_page(str(replace(front, has_sides=True)))
        shown = self.client.get(url).text
        for entry in SORTS.values():
            self.assertIn(f">{entry.label}<", shown)

    def test_a_cursor_tells_the_sort_of_an_address_that_names_none(self) -> None:
        for after, ranked, unranked in (
            ("", Sort.BALANCED, Sort.OLDEST),
            ("t1-1-0000001", Sort.OLDEST, Sort.OLDEST),
            ("f1-1", Sort.OLDEST, Sort.OLDEST),
            ("r1-1", Sort.BALANCED, Sort.BALANCED),
            ("garbage", Sort.BALANCED, Sort.OLDEST),
        ):
            with self.subTest(after):
                self.assertEqual(sorts.sort_of(after, is_ranked=True), ranked)
                self.assertEqual(sorts.sort_of(after, is_ranked=False), unranked)
