"""Test the page of all drafts of a person."""

import re
from unittest import mock

from django.urls import reverse

from comments.actions import states
from comments.models import CommentState
from posts.models import Post
from tests.factories import make_comment

from .cases import LIST, WORDS, DraftCase


class ListTests(DraftCase):
    """The page of all drafts."""

    def test_it_says_what_they_are_and_where_to_write_on(self) -> None:
        self.save()
        self.save(parent=self.root.pk, body="A reply, half of it.")
        self.save(reverse("comments:flags", args=[self.root.pk]), body="", note="A report.")
        page = self.client.get(LIST)
        for words in (WORDS, "A reply, half of it.", "A report.", self.post.title):
            self.assertContains(page, words)
        self.assertContains(page, f'href="{self.answer}?parent={self.root.pk}"')
        self.sign_in(self.stranger)
        empty = self.client.get(LIST)
        self.assertContains(empty, "You have no drafts.")
        self.assertContains(empty, "Answer the newest question")
        self.assertNotContains(empty, "What you have begun to write.")

    def test_it_says_to_whom_and_each_heading_leads_to_the_form(self) -> None:
        self.save()
        self.save(parent=self.root.pk, body="A reply, half of it.")
        flags = reverse("comments:flags", args=[self.root.pk])
        self.save(flags, body="", note="A report.")
        self.save(parent=self.own.pk, body="And another thing.")
        page = " ".join(self.client.get(LIST).text.split())
        who = f"<bdi>{self.root.author.display_name}</bdi>"
        self.assertEqual(page.count(f"<span>to {who}</span>"), 1)
        self.assertEqual(page.count(f"<span>about a comment by {who}</span>"), 1)
        self.assertEqual(page.count(f"to <bdi>{self.reader.display_name}</bdi>"), 0)
        self.assertEqual(page.count("<span>last changed <time"), 4)
        reply = f"{self.answer}?parent={self.root.pk}"
        for address, name in ((self.answer, "A comment"), (reply, "A reply"), (flags, "A report")):
            self.assertIn(f'<h2 class="item__title"><a href="{address}">{name}</a></h2>', page)

    def test_nobody_is_named_who_wrote_what_one_may_not_read(self) -> None:
        """A removed comment keeps its place while there are replies to it."""
        make_comment(self.post, self.newcomer, parent=self.root)
        make_comment(self.post, self.author, parent=self.root)
        self.save(parent=self.root.pk)
        states.change_state(self.root, to=CommentState.REMOVED, removed_reason="spam")
        self.assertNotContains(self.client.get(LIST), f"<bdi>{self.root.author.display_name}</bdi>")

    def test_what_is_thrown_away_says_for_how_long_it_comes_back(self) -> None:
        self.save()
        self.throw_away(list="1")
        page = self.client.get(LIST)
        self.assertContains(page, "You can bring it back for 10 minutes.")
        self.assertNotContains(page, f'<a href="{self.answer}">')
        with mock.patch("core.limits.UNDO_OFFER", 60):
            self.assertContains(self.client.get(LIST), "You can bring it back for 1 minute.")

    def test_several_whose_place_is_gone_can_each_be_copied(self) -> None:
        """Each field has an id and a label of its own."""
        self.save(parent=self.root.pk)
        self.save()
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        ids = re.findall(r'<textarea[^>]* id="([^"]+)"', self.client.get(LIST).text)
        self.assertEqual((len(ids), len(set(ids))), (2, 2))

    def test_where_the_place_is_gone_the_words_can_be_copied(self) -> None:
        self.save(parent=self.root.pk)
        states.mark_deleted(self.root)
        page = self.client.get(LIST)
        self.assertContains(page, "The place for it is gone.")
        self.assertContains(page, f"{WORDS}</textarea>")
        self.assertNotContains(page, f"?parent={self.root.pk}")
        thrown = self.throw_away(parent=self.root.pk, list="1")
        self.assertRedirects(thrown, LIST)
        self.assertNotContains(self.client.get(LIST), WORDS)
        self.assertRedirects(self.bring_back(parent=self.root.pk, list="1"), LIST)

    def test_an_article_taken_back_is_not_named(self) -> None:
        self.save()
        self.save(parent=self.root.pk)
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        page = self.client.get(LIST)
        self.assertNotContains(page, self.post.title)
        self.assertContains(page, WORDS)

    def test_the_same_queries_at_two_sizes(self) -> None:
        self.save(parent=self.root.pk)
        few = self.queries_of(LIST)
        for _number in range(5):
            root = make_comment(self.post, self.stranger)
            self.save(parent=root.pk)
            self.save(reverse("comments:flags", args=[root.pk]))
        self.assertEqual(self.queries_of(LIST), few)
