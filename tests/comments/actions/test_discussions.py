"""Test that a closed discussion takes no comments, by whatever way they come."""

from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

from django.core.management import CommandError, call_command
from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import Admission, KeptForm, Role, User
from comments.actions import discussions, states
from comments.actions.comments import Draft, post_comment
from comments.actions.discussions import DiscussionClosed
from comments.actions.reactions import press
from comments.integrity import faults
from comments.locks import lock_person
from comments.models import Comment, CommentState, StanceRecord
from comments.moderation.actions import approve, close_discussion, open_discussion
from comments.seeding.generator import GeneratedDiscussion
from posts.actions import Opening, seal_answer
from posts.models import Post
from tests.at_once import at_once
from tests.cast import Cast
from tests.comments.views.answering import AnswerCase
from tests.factories import make_comment, make_post, make_question, make_user, stances_by_key

SENTENCE = "This discussion has been closed to new comments since"


class RefusedTests(AnswerCase):
    """The form for a comment, after the discussion was closed."""

    def setUp(self) -> None:
        super().setUp()
        self.root = make_comment(self.post, self.stranger, self.stances["same"])
        self.reply = make_comment(self.post, self.stranger, self.stances["same"], parent=self.root)
        self.page = self.client.get(self.post.get_absolute_url())
        close_discussion(self.post, by=self.moderator, reason="circling")
        self.written = Comment.objects.count()

    def assert_refused(self, answer: Any, words: str = "Because of the rota.") -> None:
        self.assertContains(answer, SENTENCE, status_code=403)
        self.assertContains(answer, "because it repeats what has been said.", status_code=403)
        self.assertContains(answer, "You can still read", status_code=403)
        self.assertContains(answer, f"{words}</textarea>", status_code=403)
        self.assertEqual(Comment.objects.count(), self.written)

    def places(self) -> list[dict[str, Any]]:
        """Return what a form says of where the comment goes: as a thread, and as two replies."""
        return [{}, {"parent": self.root.pk}, {"parent": self.reply.pk}]

    def test_nobody_posts_and_everybody_keeps_their_words(self) -> None:
        for person in (self.reader, self.newcomer, self.author, self.moderator, self.admin):
            self.sign_in(person)
            for sent in self.places():
                for htmx in (False, True):
                    self.assert_refused(self.send(htmx=htmx, **sent))
            kept = KeptForm.objects.filter(person=person)
            self.assertEqual({each.words["body"] for each in kept}, {"Because of the rota."})
            self.assertEqual(len(kept), 3)
            again = self.client.get(self.url)
            self.assertContains(again, SENTENCE)
            self.assertContains(again, "Because of the rota.</textarea>")
        self.assertEqual(StanceRecord.objects.count(), 1)

    def test_a_note_and_a_best_reason_are_comments_too(self) -> None:
        self.sign_in(self.author)
        self.assert_refused(self.send(kind="note", stance=""))
        self.sign_in(self.stranger)
        self.assert_refused(self.send(argues_for="different", stance=""))

    def test_an_author_with_a_sealed_answer_writes_no_note(self) -> None:
        opening = Opening(at=timezone.now() + timedelta(days=3))
        seal_answer(self.post.question, author=self.author, stance_key="same", opening=opening)
        self.sign_in(self.author)
        self.assert_refused(self.send(kind="note", stance=""))
        page = self.client.get(self.post.get_absolute_url())
        self.assertNotContains(page, "Record my answer")
        self.assertNotContains(page, "You are suspended")

    def test_signed_out_nobody_writes_first(self) -> None:
        self.assertContains(self.client.get(self.url), SENTENCE)
        self.assertContains(self.client.get(f"{self.url}?stance=same"), "Sign in to change")
        tries: tuple[dict[str, Any], ...] = (
            {},
            {"wish": "preview"},
            {"wish": "answer", "body": ""},
        )
        for sent in tries:
            answer = self.send(**sent)
            self.assertContains(answer, SENTENCE, status_code=403)
            self.assertEqual("Because" in answer.text, "body" not in sent)
        self.assertEqual(KeptForm.objects.count(), 0)

    def test_words_that_waited_for_an_account_are_given_back(self) -> None:
        open_discussion(self.post, by=self.moderator, reason="mistake")
        waits_at = self.send().url.partition("next=")[2]
        self.assertTrue(waits_at)
        close_discussion(self.post, by=self.moderator, reason="circling")
        self.client.force_login(self.reader)
        kept = KeptForm.objects.get()
        page = self.client.get(f"{self.url}?kept={kept.key}")
        self.assertContains(page, SENTENCE)
        self.assertContains(page, "Because of the rota.")

    def test_an_account_that_waits_is_told_too(self) -> None:
        self.sign_in(make_user("wanda", admission=Admission.WAITING))
        self.assert_refused(self.send())

    def test_a_comment_that_is_gone_does_not_lead_around_it(self) -> None:
        self.sign_in(self.reader)
        states.change_state(self.root, to=CommentState.REMOVED, removed_reason="spam")
        states.change_state(self.reply, to=CommentState.REMOVED, removed_reason="spam")
        answer = self.send(parent=self.reply.pk)
        self.assertContains(answer, SENTENCE, status_code=404)
        self.assertNotContains(answer, "as a thread of their own", status_code=404)

    def test_invalid_words_are_not_lost(self) -> None:
        self.sign_in(self.reader)
        answer = self.send(stance="nonsense")
        self.assertContains(answer, SENTENCE, status_code=422)
        self.assertContains(answer, "Because of the rota.</textarea>", status_code=422)

    def test_what_was_sent_before_is_answered_as_a_success(self) -> None:
        open_discussion(self.post, by=self.moderator, reason="mistake")
        self.sign_in(self.reader)
        key = uuid4()
        self.assertEqual(self.send(form_key=key).status_code, 302)
        close_discussion(self.post, by=self.moderator, reason="circling")
        self.assertEqual(self.send(form_key=key).status_code, 302)
        self.assertEqual(Comment.objects.count(), self.written + 1)

    def test_opened_again_it_takes_comments(self) -> None:
        self.sign_in(self.reader)
        self.assert_refused(self.send())
        open_discussion(self.post, by=self.moderator, reason="settled")
        self.assertEqual(self.send().status_code, 302)
        self.assertEqual(KeptForm.objects.count(), 0)

    def test_what_is_no_new_comment_goes_on(self) -> None:
        self.sign_in(self.stranger)
        own = make_comment_before(self.post, self.stranger)
        edit = reverse("comments:edit", args=[own.pk])
        better = {"body": "Said better.", "stance": "different"}
        self.assertEqual(self.client.post(edit, better).status_code, 302)
        press(self.root, by=self.reader)
        self.sign_in(self.reader)
        answered = self.send(wish="answer", body="", stance="overlap")
        self.assertEqual(answered.status_code, 302)
        withdrawal = reverse("comments:withdrawal", args=[self.post.slug])
        self.assertEqual(self.client.post(withdrawal).status_code, 302)
        delete = reverse("comments:deletion", args=[own.pk])
        self.sign_in(self.stranger)
        self.assertEqual(self.client.post(delete).status_code, 302)

    def test_a_comment_that_waited_is_still_approved(self) -> None:
        open_discussion(self.post, by=self.moderator, reason="mistake")
        held = make_comment(self.post, self.newcomer, self.stances["same"])
        close_discussion(self.post, by=self.moderator, reason="circling")
        approve(held, by=self.moderator)
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 3)

    def test_no_discussion_is_generated_there(self) -> None:
        with self.assertRaisesMessage(CommandError, SENTENCE):
            call_command("generate_discussion", self.post.slug, comments=3)
        Post.objects.filter(pk=self.post.pk).update(comment_count=self.written)
        made = GeneratedDiscussion(self.post, 3, 1, timezone.now())
        with self.assertRaises(DiscussionClosed):
            list(made.write())
        self.assertEqual(Comment.objects.count(), self.written)


class MeanwhileTests(Cast):
    """The discussion is closed after the request has read the article."""

    def test_neither_a_published_nor_a_held_comment_gets_in(self) -> None:
        close_discussion(self.post, by=self.author, reason="finished")
        before = Post.objects.get(pk=self.post.pk)
        for writer in (self.reader, self.newcomer, self.author):
            stale = Post.objects.get(pk=self.post.pk)
            stale.closed_at, stale.closed_reason = None, ""
            stance = None if writer == self.author else self.stances["same"]
            with self.assertRaisesMessage(DiscussionClosed, SENTENCE):
                post_comment(Draft(writer, stale, "A moment too late.", stance=stance))
            self.assertEqual(stale.closed_at, before.closed_at)
        self.assertIs(Comment.objects.exists(), False)
        self.assertIs(StanceRecord.objects.exists(), False)
        after = Post.objects.get(pk=self.post.pk)
        self.assertEqual(after.page_version, before.page_version)

    def test_the_page_then_says_so_with_the_words(self) -> None:
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])

        def meanwhile(person: User) -> User:
            if Post.objects.get(pk=self.post.pk).closed_at is None:
                close_discussion(self.post, by=self.author, reason="finished")
            return lock_person(person)

        with mock.patch("comments.actions.comments.lock_person", meanwhile):
            answer = self.client.post(url, {"stance": "same", "body": "A moment too late."})
        self.assertContains(answer, SENTENCE, status_code=403)
        self.assertContains(answer, "A moment too late.</textarea>", status_code=403)
        self.assertNotContains(answer, 'value="post"', status_code=403)
        self.assertEqual(KeptForm.objects.get().words["body"], "A moment too late.")


class SimultaneousTests(TransactionTestCase):
    """Comments and a closing at the very same time."""

    def test_what_got_in_was_written_before_it_was_closed(self) -> None:
        author = make_user("ada", Role.AUTHOR)
        post = make_post(author)
        make_question(post)
        stance = stances_by_key(post)["same"]
        writers = [make_user(is_demo=number % 2 == 0) for number in range(6)]

        def writing(writer: User) -> Any:
            return lambda: post_comment(Draft(writer, post, f"By {writer.pk}.", stance=stance))

        results = at_once(
            *map(writing, writers[:3]),
            lambda: close_discussion(Post.objects.get(pk=post.pk), by=author, reason="finished"),
            *map(writing, writers[3:]),
        )
        refused = [one for one in results if isinstance(one, Exception)]
        self.assertTrue(all(isinstance(one, DiscussionClosed) for one in refused), refused)
        self.assertEqual(Comment.objects.count(), len(writers) - len(refused))
        with self.assertRaises(DiscussionClosed):
            writing(make_user(is_demo=True))()
        self.assertEqual(list(faults()), [])


class SaidTests(Cast):
    """The sentence about a closed discussion."""

    def test_it_names_every_reason_that_says_something(self) -> None:
        self.assertEqual(discussions.why_closed(self.post), "")
        close_discussion(self.post, by=self.author, reason="other_thread", note="A pause.")
        self.assertNotIn("because", discussions.why_closed(self.post))
        reasons = {"heated": "has become a quarrel", "finished": "has run its course"}
        for reason, said in reasons.items():
            open_discussion(self.post, by=self.author, reason="settled")
            close_discussion(self.post, by=self.author, reason=reason)
            self.assertIn(f", because it {said}.", discussions.why_closed(self.post))


def make_comment_before(post: Post, writer: User) -> Comment:
    """Return a comment of a minute ago, written before the discussion of `post` was closed."""
    closed = post.closed_at, post.closed_reason
    post.set_closed(None, "")
    own = make_comment(post, writer, now=timezone.now() - timedelta(minutes=1))
    post.set_closed(*closed)
    return own
