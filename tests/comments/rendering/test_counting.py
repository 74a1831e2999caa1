"""Test that shown counts have thousands separators, and ids and exported figures have none."""

from django.test import Client, TestCase
from django.urls import reverse
from django.utils import translation

from comments.models import Comment
from comments.rendering import titles
from comments.rendering.cards import continue_label, replies_label
from comments.rendering.reaction_summary import moved_words
from core.caching.pages import store
from core.numbers import grouped
from posts.models import Post, Stance
from tests.cast import Cast
from tests.factories import give_ids_behind, make_comment

MANY = 1_234


class GroupedTests(TestCase):
    """Numbers in the language of the reader."""

    def test_each_language_has_its_own_way(self) -> None:
        for language, shown in (("en", "1,234,567"), ("de", "1.234.567")):
            with translation.override(language):
                self.assertEqual(grouped(1_234_567), shown)
                self.assertEqual(titles.title(1_234_567).split()[0], shown)
        self.assertEqual([grouped(number) for number in (0, 999, 1_000)], ["0", "999", "1,000"])

    def test_words_that_are_remembered(self) -> None:
        self.assertEqual(replies_label(MANY, "en"), "1,234 replies")
        self.assertEqual(continue_label(MANY, "en"), "Continue this thread (1,234 replies)")
        self.assertEqual(moved_words("1:1234", "en"), "Changed 1,234 minds")
        self.assertEqual(moved_words("0:1", "en"), "Changed 1 mind")


class PageTests(Cast):
    """A post whose stored counts are above a thousand."""

    def setUp(self) -> None:
        give_ids_behind(MANY)  # the next ids have four digits, too
        self.comment = make_comment(self.post, self.reader, self.stances["same"])
        Post.objects.filter(pk=self.post.pk).update(comment_count=MANY)
        for stance in self.stances.values():
            Stance.objects.filter(pk=stance.pk).update(answer_count=MANY)
        store.clear()

    def test_pages_group_counts(self) -> None:
        url = self.post.get_absolute_url()
        for client in (Client(), self.signed_in()):
            page = client.get(url).text
            self.assertIn("1,234 comments</h2>", page)
            self.assertIn("<b>3,702 readers</b> have answered", page)
            self.assertEqual(page.count("<b>1,234</b>"), 3)
            self.assertEqual(page.count('data-count="1234"'), 3)
            home = client.get("/").text
            self.assertIn("1,234 comments", home)
            self.assertIn("3,702 readers have answered", home)
            self.assertIn(">1,234 Overlap</span>", home)
        stances = Client().get(reverse("comments:stances", args=[self.post.slug])).text
        self.assertIn("<b>3,702 readers</b> have answered", stances)

    def test_words_tell_the_colours_of_a_small_bar(self) -> None:
        archive = Client().get("/archive/").text
        for stance in self.stances.values():
            named = f'<span data-colour="{stance.colour}">1,234 {stance.word}</span>'
            self.assertIn(named, archive)

    def test_ids_stay_plain(self) -> None:
        self.assertEqual(Comment.objects.get().pk, MANY + 1)
        for client in (Client(), self.signed_in()):
            page = client.get(self.post.get_absolute_url()).text
            self.assertIn(f'id="comment-{MANY + 1}"', page)
            self.assertIn(f"/comments/{MANY + 1}/flags/", page)
            self.assertNotIn("1,235", page)

    def test_figures_for_machines_stay_plain(self) -> None:
        for name in ("stances-csv", "stances-json"):
            figures = Client().get(reverse(f"comments:{name}", args=[self.post.slug])).text
            self.assertIn("3702", figures)
            self.assertIn("1234", figures)

    def signed_in(self) -> Client:
        client = Client()
        client.force_login(self.stranger)
        return client
