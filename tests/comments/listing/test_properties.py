"""Test every slice against a plain tree in memory, with writes between its pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from unittest import mock

from django.core.cache import cache
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from accounts.models import User
from comments.actions import comments, edits, rate_limits, states
from comments.integrity import faults
from comments.listing import chronological, new_since, permalinks, sorts
from comments.listing.page import ThreadPage
from comments.listing.params import ListingParams
from comments.listing.sorts import Sort
from comments.models import MAX_DEPTH, Comment, CommentState
from comments.moderation.actions import decisions
from core import limits
from posts.models import Post
from tests.cast import Cast

from .model_tree import Fact, ModelTree

CHECKED = settings(
    max_examples=30,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # making a failure small would take minutes
)
COSTLY = settings(CHECKED, max_examples=12)
THREADS_PER_PAGE = 3
LAST = -1
MOST_PAGES = 100


class Write(NamedTuple):
    """A write to the comment number `target`, modulo the number of comments."""

    what: str
    target: int
    stance: int
    ticks: bool


@dataclass
class Scene:
    """A discussion that people write to; `came` lists comments each time they come to stand."""

    post: Post
    writers: list[User]
    moderator: User
    now: datetime = field(default_factory=lambda: timezone.now() - timedelta(days=80))
    came: list[int] = field(default_factory=list)
    number: int = 0

    def tree(self) -> ModelTree:
        columns = ("id", "parent_id", "stance_id", "state", "deleted_at", "published_at")
        rows = Comment.objects.filter(post=self.post).order_by("id").values_list(*columns)
        return ModelTree([Fact(*row) for row in rows])

    def do(self, write: Write) -> None:
        """Carry out `write` where it is possible, and record the facts it changes."""
        before = self.tree()
        self.number += 1
        self.now += timedelta(hours=int(write.ticks))
        ids = sorted(before.by_id)
        chosen = ids[write.target % len(ids)] if ids else None
        getattr(self, f"_{write.what}")(write, chosen)
        after = self.tree()
        stood = {pk for pk, fact in before.by_id.items() if fact.stands}
        self.came += [pk for pk, fact in after.by_id.items() if fact.stands and pk not in stood]

    def _thread(self, write: Write, chosen: int | None) -> None:
        self._post(write, None)

    def _reply(self, write: Write, chosen: int | None) -> None:
        parent = self._row(chosen)
        if parent is None or (parent.is_readable and parent.depth < MAX_DEPTH):
            self._post(write, parent)

    def _post(self, write: Write, parent: Comment | None) -> None:
        stance = self._stance(write)
        writer = self.writers[self.number % len(self.writers)]
        body = f"Reason {self.number}."
        draft = comments.Draft(writer, self.post, body, parent=parent, stance=stance)
        comments.post_comment(draft, now=self.now)

    def _edit(self, write: Write, chosen: int | None) -> None:
        row = self._row(chosen)
        if row and not row.is_deleted:
            edits.edit_comment(row, by=row.author, body=f"Edit {self.number}.", now=self.now)

    def _restance(self, write: Write, chosen: int | None) -> None:
        row = self._row(chosen)
        if row and row.is_readable:
            decisions.retag(row, by=self.moderator, stance=self._stance(write), now=self.now)

    def _remove(self, write: Write, chosen: int | None) -> None:
        self._move(chosen, CommentState.REMOVED, removed_reason="spam")

    def _hold(self, write: Write, chosen: int | None) -> None:
        self._move(chosen, CommentState.HELD, held_reason="links")

    def _approve(self, write: Write, chosen: int | None) -> None:
        self._move(chosen, CommentState.PUBLISHED)

    def _delete(self, write: Write, chosen: int | None) -> None:
        row = self._row(chosen)
        if row:
            comments.delete_comment(row, now=self.now)

    def _move(self, chosen: int | None, to: CommentState, **why: str) -> None:
        row = self._row(chosen)
        if row and not row.is_deleted:
            states.change_state(row, to=to, now=self.now, **why)

    def _row(self, pk: int | None) -> Comment | None:
        rows = Comment.objects.select_related("author", "post", "stance")
        return rows.filter(pk=pk or 0).first()

    def _stance(self, write: Write) -> Any:
        stances = list(self.post.question.stances.all())
        return stances[write.stance % len(stances)]


@dataclass
class Walk:
    """Someone who reads a slice page by page; `seen` is what they have read."""

    size: int
    load: Callable[[str], ThreadPage]
    wanted: Callable[[ModelTree], list[int]]
    top_only: bool = False
    seen: list[int] = field(default_factory=list)
    after: str = ""
    done: bool = False
    pages: int = 0

    def step(self) -> None:
        """Read the next page, if there is one."""
        if self.done:
            return
        self.pages += 1
        assert self.pages < MOST_PAGES, "the pages have no end"
        page = self.load(self.after)
        nodes = [node.comment.id for node in page.nodes]
        assert len(page.comments) <= self.size
        self.seen += nodes if self.top_only else [entry.id for entry in page.comments]
        self.after = page.next
        self.done = not page.next


POSTING = st.builds(
    Write,
    st.sampled_from(["reply", "reply", "reply", "thread"]),
    st.sampled_from([LAST, LAST, 0, 1, 2, 3, 5, 7]),
    st.integers(0, 2),
    st.booleans(),
)
WRITING = st.builds(
    Write,
    st.sampled_from(
        [*("reply", "thread", "edit", "restance", "remove", "delete"), *["hold", "approve"] * 3]
    ),
    st.sampled_from([LAST, 0, 0, 1, 1, 2, 4, 7]),
    st.integers(0, 2),
    st.booleans(),
)
STARTS = st.lists(POSTING, min_size=4, max_size=14)
WRITES = st.lists(WRITING, max_size=10)
SIZES = st.sampled_from([1, 2, 3, 5])


class SlicePropertyTests(PropertyTestCase, Cast):
    """Slices of random discussions."""

    def begun(self, starts: list[Write], writes: list[Write]) -> Scene:
        """Return a discussion to which people wrote `starts`, then `writes`."""
        cache.clear()
        post = Post.objects.select_related("question").get(pk=self.post.pk)
        writers = [self.reader, self.stranger, self.newcomer, self.reader]
        scene = Scene(post, writers, self.moderator)
        for write in [*starts, *writes]:
            scene.do(write)
        return scene

    def walks(self, scene: Scene, size: int) -> dict[str, Walk]:
        """Return a reader of every slice but of what is new."""
        post = scene.post
        stance = post.question.stances.all()[0]
        shown = [pk for pk in sorted(scene.tree().by_id) if scene.tree().is_shown(pk)]
        found = {
            "oldest": Walk(
                size,
                lambda after: sorts.threads_page(post, Sort.OLDEST, after, size),
                ModelTree.threads,
            ),
            "newest": Walk(
                size,
                lambda after: sorts.threads_page(post, Sort.NEWEST, after, size),
                lambda tree: tree.threads(newest=True),
            ),
            "most replied": Walk(
                size,
                lambda after: sorts.threads_page(post, Sort.REPLIES, after, size),
                ModelTree.most_replied,
                top_only=True,
            ),
            "a stance": Walk(
                size,
                lambda after: sorts.stance_page(post, stance, Sort.OLDEST, after, size),
                lambda tree: tree.of_stance(stance.pk),
            ),
            "a stance, newest": Walk(
                size,
                lambda after: sorts.stance_page(post, stance, Sort.NEWEST, after, size),
                lambda tree: tree.of_stance(stance.pk)[::-1],
            ),
            "a stance, most replied": Walk(
                size,
                lambda after: sorts.stance_page(post, stance, Sort.REPLIES, after, size),
                lambda tree: tree.of_stance_most_replied(stance.pk),
            ),
        }
        if shown:
            top = Comment.objects.get(pk=shown[len(shown) // 3])
            found["a branch"] = Walk(
                size,
                lambda after: chronological.branch_page(post, top, after, size),
                lambda tree: tree.branch(top.pk),
            )
        return found

    @given(starts=STARTS, writes=WRITES, size=SIZES)
    @COSTLY
    @mock.patch.object(limits, "THREADS_PER_PAGE", THREADS_PER_PAGE)
    @mock.patch.object(rate_limits, "check_comment_rate", mock.Mock(return_value=None))
    def test_at_rest_every_slice_is_the_tree_s(
        self, starts: list[Write], writes: list[Write], size: int
    ) -> None:
        half = len(starts) // 2
        scene = self.begun(starts[:half], [])
        version = Post.objects.get(pk=scene.post.pk).page_version
        came_before = len(scene.came)
        for write in [*starts[half:], *writes]:
            scene.do(write)
        tree = scene.tree()
        for name, walk in self.walks(scene, size).items():
            while not walk.done:
                walk.step()
            self.assertEqual(walk.seen, walk.wanted(tree), name)
        new = Walk(
            size, lambda after: new_since.page(scene.post, version, after, size), lambda _tree: []
        )
        while not new.done:
            new.step()
        self.assertEqual(new.seen, last_comings(scene.came[came_before:], tree))
        self.assert_permalinks_lead_there(tree)
        self.assertEqual(list(faults()), [])

    @given(starts=STARTS, writes=WRITES, size=SIZES)
    @CHECKED
    @mock.patch.object(limits, "THREADS_PER_PAGE", THREADS_PER_PAGE)
    @mock.patch.object(rate_limits, "check_comment_rate", mock.Mock(return_value=None))
    def test_writes_between_pages_repeat_nothing_and_hide_nothing(
        self, starts: list[Write], writes: list[Write], size: int
    ) -> None:
        scene = self.begun(starts, [])
        walks = self.walks(scene, size)
        trees = [scene.tree()]
        waiting = list(writes)
        while not all(walk.done for walk in walks.values()):
            for walk in walks.values():
                walk.step()
            if waiting:
                scene.do(waiting.pop(0))
                trees.append(scene.tree())
        for name, walk in walks.items():
            self.assertEqual(len(walk.seen), len(set(walk.seen)), name)
            throughout = set.intersection(*(set(walk.wanted(tree)) for tree in trees))
            self.assertLessEqual(throughout, set(walk.seen), name)
            if walk.top_only or "most replied" in name:
                ranked = [pk for pk in walk.wanted(trees[0]) if pk in walk.seen]
                self.assertEqual(walk.seen, ranked, name)

    @given(starts=STARTS, writes=WRITES, size=SIZES)
    @CHECKED
    @mock.patch.object(rate_limits, "check_comment_rate", mock.Mock(return_value=None))
    def test_what_is_new_is_missed_by_nobody(
        self, starts: list[Write], writes: list[Write], size: int
    ) -> None:
        scene = self.begun(starts[:2], [])
        version = Post.objects.get(pk=scene.post.pk).page_version
        seen_before = len(scene.came)
        for write in starts[2:]:
            scene.do(write)
        expected = set(scene.came[seen_before:])
        walk = Walk(
            size, lambda after: new_since.page(scene.post, version, after, size), lambda _tree: []
        )
        standing, came_before = [standing_of(scene.tree())], len(scene.came)
        waiting = list(writes)
        while not walk.done:
            walk.step()
            if waiting and not walk.done:
                scene.do(waiting.pop(0))
                standing.append(standing_of(scene.tree()))
        self.assertLessEqual(expected.intersection(*standing), set(walk.seen))
        came_again = scene.came[came_before:]
        for pk in set(walk.seen):
            self.assertLessEqual(walk.seen.count(pk), 1 + came_again.count(pk))

    def assert_permalinks_lead_there(self, tree: ModelTree) -> None:
        for row in Comment.objects.filter(post=self.post, is_shown=True).select_related("post"):
            address, _hash, fragment = permalinks.page_url(row).partition("#")
            self.assertEqual(fragment, f"comment-{row.pk}")
            page = ListingParams(RequestFactory().get(address), self.post, shows_totals=True).page()
            self.assertIn(row.pk, [entry.id for entry in page.comments], address)
            self.assertTrue(tree.is_shown(row.pk))


def standing_of(tree: ModelTree) -> set[int]:
    """Return what stands."""
    return {pk for pk, fact in tree.by_id.items() if fact.stands}


def last_comings(came: list[int], tree: ModelTree) -> list[int]:
    """Return what stands of those who `came`, in the order in which each came last."""
    last = {pk: place for place, pk in enumerate(came)}
    return sorted((pk for pk in last if tree.by_id[pk].stands), key=lambda pk: last[pk])
