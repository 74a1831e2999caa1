"""Test permalink, editing, deletion and history of one comment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from comments.actions import states
from comments.actions.comments import Draft, delete_comment, post_comment
from comments.actions.edits import edit_comment
from comments.me.erasure import erase
from comments.models import Comment, CommentState
from comments.moderation import actions as moderating
from posts.actions import unpublish
from tests.cast import Cast
from tests.factories import make_comment


class PermalinkTests(Cast):
    """The permalink."""

    def test_it_leads_to_the_comment_in_its_place(self) -> None:
        comment = make_comment(self.post, self.reader)
        answer = self.client.get(comment.get_absolute_url())
        self.assertRedirects(answer, f"{self.post.get_absolute_url()}#comment-{comment.pk}")

    def test_what_nobody_knows_of_does_not_exist(self) -> None:
        draft = Draft(self.newcomer, self.post, "Held.", stance=self.stances["same"])
        held = post_comment(draft).comment
        again = make_comment(self.post, self.reader)
        make_comment(self.post, self.stranger, parent=again)
        states.change_state(again, to=CommentState.HELD, held_reason="links")
        earlier = timezone.now() - timedelta(hours=1)
        refused = post_comment(replace(draft, body="Held, too."), now=earlier).comment
        moderating.remove(refused, by=self.moderator, reason="spam")
        for person in (None, self.stranger, self.author, self.suspended):
            if person:
                self.sign_in(person)
            for pk in (held.pk, again.pk, refused.pk, 999_999):
                answer = self.client.get(reverse("comments:permalink", args=[pk]))
                self.assertEqual(answer.status_code, 404)

    def test_writers_and_moderators_find_a_held_comment(self) -> None:
        draft = Draft(self.newcomer, self.post, "Held.", stance=self.stances["same"])
        held = post_comment(draft).comment
        for person in (self.newcomer, self.moderator):
            self.sign_in(person)
            answer = self.client.get(held.get_absolute_url(), follow=True)
            self.assertContains(answer, "Held.")

    def test_what_is_gone_says_by_whom_and_why(self) -> None:
        """410 for all but writer and moderators, with replies and without."""
        for with_reply in (False, True):
            for sentence, go in self.gone().items():
                comment = make_comment(self.post, self.reader, body="The words that were.")
                if with_reply:
                    make_comment(self.post, self.stranger, parent=comment)
                go(comment)
                for person in (None, self.stranger, self.author, self.suspended):
                    self.client.logout()
                    if person:
                        self.sign_in(person)
                    answer = self.client.get(comment.get_absolute_url())
                    self.assertContains(answer, sentence, status_code=410)
                    self.assertNotContains(answer, "The words that were.", status_code=410)
                    self.assertNotContains(answer, self.reader.handle, status_code=410)
                for person in (self.reader, self.moderator, self.admin):
                    self.sign_in(person)
                    answer = self.client.get(comment.get_absolute_url())
                    self.assertContains(answer, sentence)
                    self.assertContains(answer, "The words that were.")

    def gone(self) -> dict[str, Callable[[Comment], object]]:
        """Return how a comment goes, by the sentence in its place."""

        def hide(comment: Comment) -> None:
            states.change_state(comment, to=CommentState.HIDDEN)

        def remove(comment: Comment) -> None:
            moderating.remove(comment, by=self.moderator, reason="spam")

        return {
            "A moderator removed this comment: it is spam or advertising.": remove,
            "Its writer deleted this comment.": delete_comment,
            "hidden until a moderator has looked at it": hide,
        }

    def test_what_an_erased_account_deleted_has_no_words_for_anybody(self) -> None:
        comment = make_comment(self.post, self.stranger, body="The words that were.")
        erase(self.stranger, delete_texts=True)
        self.sign_in(self.moderator)
        self.assertEqual(self.client.get(comment.get_absolute_url()).status_code, 410)

    def test_the_page_of_what_is_gone_is_the_same_for_all_visitors_and_costs_little(self) -> None:
        comment = make_comment(self.post, self.reader)
        delete_comment(comment)
        with self.assertNumQueries(2):
            answer = self.client.get(comment.get_absolute_url())
        self.assertIn("must-revalidate", answer.headers["Cache-Control"])
        self.assertNotIn("csrf", answer.content.decode())
        self.assertContains(answer, "noindex", status_code=410)
        self.assertEqual(self.client.post(comment.get_absolute_url()).status_code, 405)

    def test_under_an_article_that_is_taken_back_there_is_nothing(self) -> None:
        comment = make_comment(self.post, self.reader)
        moderating.remove(comment, by=self.moderator, reason="spam")
        unpublish(self.post, by=self.author)
        for person in (None, self.reader, self.moderator):
            if person:
                self.sign_in(person)
            self.assertEqual(self.client.get(comment.get_absolute_url()).status_code, 404)


class EditTests(Cast):
    """Editing one's own comment."""

    def setUp(self) -> None:
        self.comment = make_comment(self.post, self.reader, now=timezone.now())
        self.url = reverse("comments:edit", args=[self.comment.pk])

    def body(self) -> str:
        return Comment.objects.get(pk=self.comment.pk).body

    def test_it_works(self) -> None:
        self.sign_in(self.reader)
        self.assertContains(self.client.get(self.url), self.comment.body)
        self.client.post(self.url, {"body": "Better words.", "stance": "same"})
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.body, "Better words.")
        self.assertEqual(self.comment.stance, self.stances["same"])

    def test_only_its_writer_may(self) -> None:
        self.assertEqual(self.client.post(self.url, {"body": "Not mine."}).status_code, 302)
        for person in (self.stranger, self.author, self.moderator, self.admin):
            self.sign_in(person)
            self.assertEqual(self.client.get(self.url).status_code, 403)
            self.assertEqual(self.client.post(self.url, {"body": "Not mine."}).status_code, 403)
        self.assertEqual(self.body(), self.comment.body)

    def test_an_edit_that_waits_for_approval_again_leads_to_a_page_that_is_there(self) -> None:
        top = make_comment(self.post, self.reader)
        draft = Draft(self.newcomer, self.post, "Approved.", top, stance=self.stances["same"])
        earlier = timezone.now() - timedelta(minutes=10)
        comment = post_comment(draft, now=earlier).comment
        moderating.approve(comment, by=self.moderator)
        self.sign_in(self.newcomer)
        edited = {"body": "Nobody read this yet.", "stance": "same"}
        answer = self.client.post(reverse("comments:edit", args=[comment.pk]), edited)
        comment.refresh_from_db()
        self.assertEqual(comment.state, CommentState.HELD)
        page = self.client.get(answer["Location"])
        self.assertContains(page, "Nobody read this yet.")
        self.assertContains(page, "Your comment is changed. Your first 2 comments are checked")

    def test_a_suspended_writer_may_not(self) -> None:
        comment = make_comment(self.post, self.stranger, now=timezone.now())
        self.stranger.suspended_until = timezone.now() + timedelta(days=1)
        self.stranger.save()
        self.sign_in(self.stranger)
        url = reverse("comments:edit", args=[comment.pk])
        self.assertEqual(self.client.post(url, {"body": "Changed."}).status_code, 403)

    def test_after_a_day_it_is_too_late(self) -> None:
        Comment.objects.update(created_at=timezone.now() - timedelta(hours=25))
        self.sign_in(self.reader)
        self.assertEqual(self.client.post(self.url, {"body": "Too late."}).status_code, 403)

    def test_invalid_words_come_back(self) -> None:
        self.sign_in(self.reader)
        answer = self.client.post(self.url, {"body": "y" * 10_001, "stance": "same"})
        self.assertContains(answer, "yyyy", status_code=422)
        self.assertEqual(self.body(), self.comment.body)

    def test_twice_is_once(self) -> None:
        self.sign_in(self.reader)
        for _click in range(2):
            self.client.post(self.url, {"body": "Better words.", "stance": "different"})
        self.assertEqual(self.comment.revisions.count(), 1)


class DeletionTests(Cast):
    """Deleting one's own comment."""

    def setUp(self) -> None:
        self.comment = make_comment(self.post, self.reader)
        self.url = reverse("comments:deletion", args=[self.comment.pk])

    def is_deleted(self) -> bool:
        return Comment.objects.get(pk=self.comment.pk).is_deleted

    def test_it_asks_and_then_does_it(self) -> None:
        self.sign_in(self.reader)
        self.assertContains(self.client.get(self.url), self.comment.body)
        self.assertIs(self.is_deleted(), False)
        self.client.post(self.url)
        self.assertIs(self.is_deleted(), True)

    def test_nobody_else_may(self) -> None:
        self.assertEqual(self.client.post(self.url).status_code, 302)
        for person in (self.stranger, self.author, self.moderator):
            self.sign_in(person)
            self.assertEqual(self.client.post(self.url).status_code, 403)
        self.assertIs(self.is_deleted(), False)

    def test_a_suspended_writer_still_may(self) -> None:
        self.reader.suspended_until = timezone.now() + timedelta(days=1)
        self.reader.save()
        self.sign_in(self.reader)
        self.client.post(self.url)
        self.assertIs(self.is_deleted(), True)

    def test_a_second_click_finds_it_gone(self) -> None:
        self.sign_in(self.reader)
        self.client.post(self.url)
        for again in (self.client.post(self.url), self.client.get(self.url)):
            self.assertRedirects(again, self.comment.get_absolute_url())
        self.assertEqual(Comment.objects.get().post.comment_count, 0)

    def test_so_does_one_that_keeps_its_place(self) -> None:
        make_comment(self.post, self.stranger, parent=self.comment)
        self.sign_in(self.reader)
        for _click in range(2):
            self.client.post(self.url)
        self.assertRedirects(self.client.get(self.url), self.comment.get_absolute_url())

    def test_under_an_article_that_was_taken_back_it_goes_too(self) -> None:
        """From one's own comments, without a word of the article, and nobody else's."""
        make_comment(self.post, self.stranger, parent=self.comment)
        unpublish(self.post, by=self.author)
        mine, title = reverse("comments:my-comments"), self.post.revisions.get().title
        self.assertEqual(self.client.post(self.url).status_code, 302)
        for person in (self.stranger, self.moderator):
            self.sign_in(person)
            for answer in (self.client.get(self.url), self.client.post(self.url)):
                self.assertEqual(answer.status_code, 404)
        self.assertIs(self.is_deleted(), False)

        self.sign_in(self.reader)
        self.assertContains(self.client.get(mine), self.url)
        page = self.client.get(self.url)
        self.assertContains(page, self.comment.body)
        self.assertContains(page, f'href="{mine}"')
        for words in (title, self.post.slug, f'href="{self.comment.get_absolute_url()}"'):
            self.assertNotContains(page, words)
        done = self.client.post(self.url, follow=True)
        self.assertRedirects(done, mine)
        self.assertContains(done, "Your comment is deleted.")
        self.assertIs(self.is_deleted(), True)
        for again in (self.client.post(self.url), self.client.get(self.url)):
            self.assertRedirects(again, mine)


class HistoryTests(Cast):
    """The earlier texts of a comment."""

    def test_late_edits_are_public_and_early_ones_are_not(self) -> None:
        now = timezone.now()
        comment = make_comment(
            self.post, self.reader, body="First words.", now=now - timedelta(hours=3)
        )
        edit_comment(
            comment,
            by=self.reader,
            body="Second words.",
            now=now - timedelta(hours=3) + timedelta(minutes=10),
        )
        edit_comment(comment, by=self.reader, body="Third words.", now=now)
        url = reverse("comments:history", args=[comment.pk])
        answer = self.client.get(url)
        self.assertContains(answer, "Second words.")
        self.assertNotContains(answer, "First words.")
        self.sign_in(self.moderator)
        self.assertContains(self.client.get(url), "First words.")

    def test_a_text_that_waited_for_approval_stays_private_after_the_approval(self) -> None:
        written = timezone.now() - timedelta(hours=3)
        draft = Draft(
            self.newcomer, self.post, "Nobody approved this.", stance=self.stances["same"]
        )
        comment = post_comment(draft, now=written).comment
        self.assertEqual(comment.state, CommentState.HELD)
        edit_comment(comment, by=self.newcomer, body="A moderator approved this.")
        states.change_state(comment, to=CommentState.PUBLISHED)
        url = reverse("comments:history", args=[comment.pk])
        answer = self.client.get(url)
        self.assertContains(answer, "A moderator approved this.")
        self.assertNotContains(answer, "Nobody approved this.")
        self.sign_in(self.moderator)
        self.assertContains(self.client.get(url), "Nobody approved this.")

    def test_the_form_says_whether_the_present_text_stays_in_public(self) -> None:
        written = timezone.now() - timedelta(hours=3)
        comment = make_comment(self.post, self.reader, now=written)
        self.sign_in(self.reader)
        url = reverse("comments:edit", args=[comment.pk])
        self.assertContains(self.client.get(url), "the earlier version stays public")
        states.change_state(comment, to=CommentState.HELD, held_reason="links")
        self.assertNotContains(self.client.get(url), "the earlier version stays public")

    def test_the_history_of_a_removed_comment_is_for_moderators(self) -> None:
        comment = make_comment(self.post, self.reader)
        make_comment(self.post, self.stranger, parent=comment)
        states.change_state(comment, to=CommentState.REMOVED, removed_reason="attack")
        url = reverse("comments:history", args=[comment.pk])
        self.assertEqual(self.client.get(url).status_code, 403)
