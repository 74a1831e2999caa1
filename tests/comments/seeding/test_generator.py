"""Test `generate_discussion`: the right number of valid comments, the same for the same seed."""

from io import StringIO
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command
from django.utils import timezone

from comments.integrity import faults
from comments.models import MAX_DEPTH, Comment
from comments.seeding import generator
from comments.seeding.generator import GeneratedDiscussion
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_post, make_question


def run(post: Post, **options: Any) -> str:
    """Run the command for `post` and return what it printed."""
    said = StringIO()
    call_command("generate_discussion", post.slug, stdout=said, **options)
    return said.getvalue()


def shape(post: Post) -> list[tuple[int, str]]:
    """Return depth and text of every comment of `post`, in the order they were made."""
    return list(Comment.objects.filter(post=post).values_list("depth", "body"))


class GenerateTests(Cast):
    """Generated discussions."""

    def test_it_writes_as_many_as_asked_and_leaves_no_fault(self) -> None:
        run(self.post, comments=300, seed=1)
        self.post.refresh_from_db()
        self.assertEqual(self.post.comment_count, 300)
        self.assertEqual(list(faults()), [])

    def test_it_looks_like_a_discussion(self) -> None:
        run(self.post, comments=300, seed=1)
        comments = Comment.objects.filter(post=self.post)
        self.assertGreater(comments.filter(depth=0).count(), 30)
        self.assertIn(comments.latest("depth").depth, range(5, MAX_DEPTH + 1))
        self.assertEqual(
            set(comments.values_list("stance__key", flat=True)), {"different", "same", "overlap"}
        )
        self.assertGreater(comments.values("author").distinct().count(), 20)
        first, last = comments.earliest("published_at"), comments.latest("published_at")
        assert first.published_at
        assert last.published_at
        assert self.post.published_at
        self.assertGreater(first.published_at, self.post.published_at)
        self.assertLess(last.published_at, timezone.now())

    def test_the_same_seed_gives_the_same_discussion(self) -> None:
        other, third = make_post(self.author), make_post(self.author)
        make_question(other)
        make_question(third)
        for post, seed in ((self.post, 7), (other, 7), (third, 8)):
            run(post, comments=80, seed=seed)
        self.assertEqual(shape(self.post), shape(other))
        self.assertNotEqual(shape(self.post), shape(third))

    def test_a_post_may_ask_nothing(self) -> None:
        run(make_post(self.author), comments=30, seed=1)
        self.assertIs(Comment.objects.filter(stance__isnull=False).exists(), False)
        self.assertEqual(list(faults()), [])

    def test_twice_is_once(self) -> None:
        run(self.post, comments=50, seed=1)
        self.assertIn("50 comments of this discussion were there", run(self.post, comments=50))
        self.assertEqual(Comment.objects.count(), 50)

    def test_a_run_that_was_stopped_goes_on(self) -> None:
        with mock.patch.object(generator, "BATCH", 20):
            stopped = GeneratedDiscussion(self.post, 70, 1, timezone.now()).write()
            self.assertEqual(next(stopped), 20)
            said = run(self.post, comments=70, seed=1)
        self.assertIn("20 comments of this discussion were there already", said)
        self.assertEqual(Comment.objects.count(), 70)
        self.assertEqual(list(faults()), [])

    def test_a_stopped_run_ends_as_one_that_was_not(self) -> None:
        other = make_post(self.author)
        make_question(other)
        with mock.patch.object(generator, "BATCH", 20):
            run(other, comments=300, seed=5)
            stopped = GeneratedDiscussion(self.post, 300, 5, timezone.now()).write()
            for _batch in range(4):
                next(stopped)
            run(self.post, comments=300, seed=5)
        self.assertEqual(shape(self.post), shape(other))

    def test_a_thread_may_be_longer_than_a_batch(self) -> None:
        with mock.patch.object(generator, "BATCH", 20):
            run(self.post, comments=600, seed=1)
        longest = Comment.objects.filter(post=self.post, depth=0).latest("thread_size")
        self.assertGreater(longest.thread_size, 40)
        self.assertEqual(list(faults()), [])

    def test_there_are_only_so_many_readers(self) -> None:
        with mock.patch.object(generator, "MAX_READERS", 5):
            run(self.post, comments=100, seed=1)
        self.assertEqual(Comment.objects.values("author").distinct().count(), 5)

    def test_people_who_wrote_before_stay_counted(self) -> None:
        run(self.post, comments=30, seed=1)
        run(self.post, comments=30, seed=2)
        self.assertEqual(Comment.objects.count(), 60)
        self.assertEqual(list(faults()), [])

    def test_what_cannot_be_is_refused_in_a_sentence(self) -> None:
        draft = make_post(self.author, published_at=None)
        for slug, number, sentence in (
            ("nowhere", 5, "There is no article"),
            (draft.slug, 5, "is not published"),
            (self.post.slug, 0, "at least 1"),
        ):
            with self.subTest(sentence), self.assertRaisesMessage(CommandError, sentence):
                call_command("generate_discussion", slug, comments=number)
        self.assertEqual(Comment.objects.count(), 0)
