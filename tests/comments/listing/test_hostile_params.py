"""Test forged query parameters, and discussions shaped to be slow."""

from collections.abc import Callable, Iterator
from functools import partial
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection

from comments.listing import chronological, new_since, permalinks, sorts
from comments.listing.cursors import BranchCursor, RankCursor, TreeCursor
from comments.listing.sorts import Sort
from comments.locks import next_ids
from comments.models import MAX_DEPTH, Comment
from comments.ranking import order_cache
from comments.tree import paths
from core import limits
from core.caching.pages import store
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question

FORGED = (
    *(
        "garbage",
        "t",
        "t1-2",
        "-1",
        "t1-1-0000001'--",
        "t-1-1-0000001",
        "t1-1-000000",
        "t١-1-0000001",
    ),
    *(
        "f1",
        "f1-x",
        "r1",
        "r-1-1",
        "r1--1",
        "b",
        "b123",
        "bZZZZZZZ",
        "n1",
        "n-1-1",
        "t" + "9" * 400,
    ),
    *("t99999999999999999-9999999999-zzzzzzz~", "f99999999999999999-9999999999"),
    *(
        "r99999999999999999-999999999",
        "n" + "9" * 18 + "-9999999999",
        "b" + "z" * 133,
        "\x00",
        "t1 ",
    ),
)
VIEWS = (
    *("", "sort=newest", "sort=replies", "stance=same", "stance=same&sort=newest"),
    *("stance=same&sort=replies", "since=0", "thread={branch}"),
)


class ForgedAddressTests(Cast):
    """Responses to forged addresses."""

    root: Comment

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.root = make_comment(cls.post, cls.reader, cls.stances["same"])
        for _reply in range(3):
            make_comment(cls.post, cls.stranger, cls.stances["same"], parent=cls.root)

    def test_a_forged_cursor_is_a_place_or_not_found_in_every_view(self) -> None:
        url = self.post.get_absolute_url()
        for view in VIEWS:
            query = view.format(branch=self.root.pk)
            for cursor in FORGED:
                with self.subTest(view=view, cursor=cursor[:30]):
                    asked = dict(pair.split("=") for pair in query.split("&") if pair)
                    answer = self.client.get(url, asked | {"after": cursor})
                    self.assertIn(answer.status_code, {200, 404})

    def test_a_cursor_of_another_order_is_not_found(self) -> None:
        url = self.post.get_absolute_url()
        theirs = {
            "t1-1-0000001": "stance=same",
            "f1-1": "",
            "r1-1": "since=0",
            "n1-1": "sort=replies",
        }
        for cursor, view in theirs.items():
            asked = dict([view.split("=")] if view else []) | {"after": cursor}
            self.assertEqual(self.client.get(url, asked).status_code, 404, cursor)

    def test_a_cursor_of_another_post_shows_nothing_of_it(self) -> None:
        other = make_post(self.author)
        make_question(other)
        theirs = make_comment(other, self.reader)
        url = other.get_absolute_url()
        assert self.root.thread_published_at
        place = TreeCursor(self.root.thread_published_at, self.root.pk, self.root.path)
        sorts.threads_page(self.post, Sort.REPLIES, "", 1)
        for asked in (
            {"after": str(place)},
            {"after": str(place), "sort": "newest"},
            {"after": "r1-0", "sort": "replies"},
            {"after": "n0-0", "since": "0"},
            {"after": str(BranchCursor(self.root.path)), "thread": str(theirs.pk)},
        ):
            page = self.client.get(url, asked)
            self.assertEqual(page.status_code, 200)
            self.assertNotContains(page, f'data-comment-id="{self.root.pk}"')
        self.assertEqual(self.client.get(url, {"thread": self.root.pk}).status_code, 404)

    def test_a_stale_ranking_goes_on_in_the_newest(self) -> None:
        for _thread in range(3):
            make_comment(self.post, self.stranger, self.stances["same"])
        first = sorts.threads_page(self.post, Sort.REPLIES, "", 2)
        cache.clear()
        rest = sorts.threads_page(self.post, Sort.REPLIES, first.next, 2)
        self.assertEqual(len(rest.nodes), 2)
        self.assertNotEqual(RankCursor.parse(rest.next or "r0-0").generation, 0 if rest.next else 1)

    def test_no_size_asks_for_more_than_a_page(self) -> None:
        url = self.post.get_absolute_url()
        with mock.patch.object(limits, "COMMENTS_PER_PAGE_MAX", 2):
            for number in (10**9, 9999, 3):
                store.clear()
                with mock.patch.object(limits, "COMMENTS_PER_PAGE", 2):
                    page = self.client.get(url, {"size": number, "limit": 10**9}).text
                self.assertEqual(page.count("data-comment-id"), 2, number)
        for size in ("-1", "0", "1e3", "٣", "x"):
            self.assertEqual(self.client.get(url, {"size": size}).status_code, 200)

    @mock.patch.object(order_cache, "LONGEST", 2)
    def test_a_ranking_ends_and_says_so(self) -> None:
        for _thread in range(3):
            make_comment(self.post, self.stranger, self.stances["same"])
        cache.clear()
        url = self.post.get_absolute_url()
        self.assertContains(
            self.client.get(url, {"sort": "replies"}), "This is the end of this list."
        )
        self.assertNotContains(self.client.get(url), "Here the most replied end.")


class DeepDiscussionTests(Cast):
    """Discussions with many comments below the rendered ones."""

    chain: list[Comment]
    last: Comment

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.chain = [make_comment(cls.post, cls.reader)]
        for _level in range(MAX_DEPTH):
            cls.chain.append(make_comment(cls.post, cls.stranger, parent=cls.chain[-1]))
        cls.last = make_comment(cls.post, cls.reader)

    def test_every_level_of_the_deepest_chain_is_found(self) -> None:
        for comment in self.chain:
            address, _hash, _id = permalinks.page_url(Comment.objects.get(pk=comment.pk)).partition(
                "#"
            )
            page = self.client.get(address)
            self.assertContains(page, f'id="comment-{comment.pk}"')

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts its steps")
    def test_what_lies_too_deep_costs_nothing(self) -> None:
        before = dict(self.costs())
        self.bury(2_000)
        for name, steps in self.costs():
            self.assertLess(steps, before[name] * 1.3 + 200, name)

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts its steps")
    def test_what_lies_before_a_cursor_in_a_long_thread_costs_nothing(self) -> None:
        before = dict(self.costs_behind(self.chain[1]))
        self.bury(2_000, level=0)
        latest = Comment.objects.filter(parent=self.chain[0]).latest("path")
        for place in (self.chain[1], latest):
            for name, steps in self.costs_behind(place):
                self.assertLess(steps, before[name] * 1.3 + 200, (name, place.depth))

    def costs_behind(self, place: Comment) -> Iterator[tuple[str, int]]:
        """Yield how many steps the database takes for the pages behind `place` and its thread."""
        post = Post.objects.select_related("question").get(pk=self.post.pk)
        root = Comment.objects.get(pk=self.chain[0].pk)
        assert place.thread_published_at
        here = TreeCursor(place.thread_published_at, place.thread_id, place.path)
        for sort in (Sort.OLDEST, Sort.NEWEST):
            for after in (str(here), str(here.behind_thread())):
                load = partial(sorts.threads_page, post, sort, after, 10)
                yield f"{sort} {after[-1] == paths.LAST}", steps(load)
        after = str(BranchCursor(place.path))
        yield "branch", steps(partial(chronological.branch_page, post, root, after, 10))

    def costs(self) -> Iterator[tuple[str, int]]:
        """Yield how many steps the database takes for each slice, from its top to its end."""
        post = Post.objects.select_related("question").get(pk=self.post.pk)
        stance = post.question.stances.all()[1]
        version = Post.objects.get(pk=post.pk).page_version
        root = Comment.objects.get(pk=self.chain[0].pk)
        for sort in (Sort.OLDEST, Sort.NEWEST, Sort.REPLIES):
            cache.clear()
            yield sort, steps(partial(sorts.threads_page, post, sort, "", 50))
        yield "branch", steps(lambda: chronological.branch_page(post, root, "", 50))
        yield "stance", steps(lambda: sorts.stance_page(post, stance, Sort.OLDEST, "", 50))
        yield "since", steps(lambda: new_since.page(post, version, "", 50))
        yield "permalink", steps(lambda: permalinks.page_url(self.last))

    def bury(self, number: int, level: int = limits.INDENT_WIDE + 1) -> None:
        """Put replies under a comment of the chain, by default one that is too deep to be drawn."""
        parent = self.chain[level]
        rows = [
            Comment(
                id=row_id,
                post=self.post,
                parent=parent,
                thread_id=parent.thread_id,
                thread_published_at=parent.thread_published_at,
                path=paths.child(parent.path, row_id),
                depth=parent.depth + 1,
                author=self.stranger,
                stance=parent.stance,
                question_version=parent.question_version,
                body="Deep.",
                body_html="<p>Deep.</p>",
                markup_version=1,
                state="published",
                is_shown=True,
                published_at=parent.published_at,
                arrival=1,
            )
            for row_id in next_ids(number)
        ]
        Comment.objects.bulk_create(rows)


def steps(work: Callable[[], object]) -> int:
    """Return how many hundreds of steps SQLite takes for `work`."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 100)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return taken
