"""Test the properties of the post model."""

from posts.models import Post
from tests.cast import Cast
from tests.factories import make_post


class QuestionOrNoneTests(Cast):
    """The question of a post or None, without an unnecessary query."""

    def test_it_is_the_question_of_a_post_that_asks_one(self) -> None:
        loaded = Post.objects.select_related("question").get(pk=self.post.pk)
        with self.assertNumQueries(0):
            self.assertEqual(loaded.question_or_none, self.post.question)

    def test_it_is_none_for_a_post_that_asks_none(self) -> None:
        silent = make_post(self.author, slug="silent")
        loaded = Post.objects.select_related("question").get(pk=silent.pk)
        with self.assertNumQueries(0):
            self.assertIsNone(loaded.question_or_none)

    def test_it_is_queried_once_where_it_was_not_loaded(self) -> None:
        for post in (self.post, make_post(self.author, slug="silent")):
            bare = Post.objects.get(pk=post.pk)
            with self.subTest(post.slug), self.assertNumQueries(1):
                self.assertEqual(bare.question_or_none, bare.question_or_none)
