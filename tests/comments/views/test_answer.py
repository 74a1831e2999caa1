"""Test posting, previewing and answering through the composer, as a browser does."""

import json
from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from accounts.models import KeptForm
from comments.actions import states
from comments.models import MAX_DEPTH, Comment, CommentState, CurrentStance, StanceRecord
from posts.models import Stance
from tests.factories import make_comment, make_post, make_question, stances_by_key

from .answering import AnswerCase


class PostingTests(AnswerCase):
    """The form that posts."""

    def test_it_works_without_scripts(self) -> None:
        self.sign_in(self.reader)
        answer = self.client.post(
            self.url, {"stance": "different", "body": "Because of the rota."}, follow=True
        )
        comment = Comment.objects.get()
        self.assertRedirects(answer, f"{self.post.get_absolute_url()}#comment-{comment.pk}")
        self.assertContains(answer, "Because of the rota.")
        self.assertContains(answer, f'id="comment-{comment.pk}"')

    def test_with_htmx_it_gives_the_comment_for_its_place(self) -> None:
        self.sign_in(self.reader)
        answer = self.send(htmx=True)
        self.assertContains(answer, "data-announce")
        self.assertContains(answer, 'hx-swap-oob="afterbegin:#threads"')
        self.assertNotContains(answer, "<html")
        self.assertEqual(json.loads(answer["HX-Trigger"]), {"draft-done": True})

    def test_with_htmx_the_counts_on_the_page_follow(self) -> None:
        self.sign_in(self.reader)
        answer = self.send(htmx=True)
        self.assertContains(answer, '<h2 id="discussion-title" hx-swap-oob="true">')
        self.assertContains(answer, "1 comment")
        self.assertContains(answer, '<div class="totals" id="totals" hx-swap-oob="true">')
        self.assertContains(answer, "<b>1 reader</b> has answered.")
        self.assertContains(answer, "Your answer: <b>Different</b>.")

    def test_with_htmx_a_branch_counts_its_replies(self) -> None:
        root = make_comment(self.post, self.stranger)
        make_comment(self.post, self.newcomer, parent=root)
        self.sign_in(self.reader)
        self.assertEqual(self.replied(root), {"to": root.pk, "words": "1 reply"})
        self.assertEqual(self.replied(root), {"to": root.pk, "words": "2 replies"})
        self.sign_in(self.newcomer)
        self.assertEqual(self.replied(root), {"to": root.pk, "words": "4 replies"})

    def replied(self, parent: Comment) -> object:
        """Return what a reply to `parent` says of its branch."""
        Comment.objects.update(created_at=timezone.now() - timedelta(days=1))
        answer = self.send(htmx=True, parent=parent.pk, body=f"Reply {uuid4()}.")
        return json.loads(answer["HX-Trigger"])["replied"]

    def test_a_newcomer_sees_their_comment_and_why_it_waits(self) -> None:
        self.sign_in(self.newcomer)
        answer = self.client.post(self.url, {"stance": "same", "body": "Same thing."}, follow=True)
        self.assertContains(answer, "Only you see this yet")
        self.assertContains(answer, "We tell you in your notifications.")
        self.assertContains(answer, "Same thing.")
        self.client.logout()
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "Same thing.")

    def test_a_reply_names_what_it_answers(self) -> None:
        root = make_comment(self.post, self.stranger)
        self.sign_in(self.reader)
        self.assertContains(self.client.get(f"{self.url}?parent={root.pk}"), root.body)
        self.send(parent=root.pk)
        self.assertEqual(Comment.objects.get(author=self.reader).parent, root)

    def test_the_form_shows_no_text_that_the_reader_may_not_read(self) -> None:
        root = make_comment(self.post, self.stranger, body="Terrible words.")
        make_comment(self.post, self.author, parent=root)
        states.change_state(root, to=CommentState.REMOVED, removed_reason="attack")
        for person, is_shown in ((self.reader, False), (self.stranger, True)):
            self.sign_in(person)
            page = self.client.get(f"{self.url}?parent={root.pk}").text
            self.assertEqual("Terrible words." in page, is_shown)
            self.assertEqual("attacks a person" in page, not is_shown)

    def test_scripts_are_led_to_sign_up_by_a_header(self) -> None:
        answer = self.send(htmx=True)
        self.assertEqual(answer.status_code, 204)
        key = KeptForm.objects.get().key
        self.assertEqual(
            answer.headers["HX-Redirect"], f"/accounts/signup/?next={self.url}%3Fkept%3D{key}"
        )

    def test_a_suspended_person_is_refused(self) -> None:
        self.sign_in(self.suspended)
        self.assertEqual(self.send().status_code, 403)
        self.assert_nothing_written()

    def test_other_methods_are_refused(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual(self.client.put(self.url).status_code, 405)

    def test_a_second_click_makes_no_second_comment(self) -> None:
        self.sign_in(self.reader)
        key = uuid4()
        first = self.send(form_key=key)
        second = self.send(form_key=key)
        self.assertEqual(Comment.objects.count(), 1)
        self.assertEqual(first["Location"], second["Location"])

    def test_who_writes_too_fast_is_told_how_long_to_wait(self) -> None:
        self.sign_in(self.reader)
        self.send()
        answer = self.send(body="And another thing.")
        self.assertEqual(answer.status_code, 429)
        self.assertIn("Retry-After", answer.headers)
        self.assertContains(answer, "And another thing.", status_code=429)


class BadInputTests(AnswerCase):
    """Refusals: the right status, nothing written, no typed text lost."""

    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.reader)

    def test_bodies_that_cannot_be_posted(self) -> None:
        bodies = {
            "empty": "",
            "blank": " \n\t ",
            "one character": "x",
            "too long": "x" * 10_001,
            "a null byte": "abc\x00def",
            "a right-to-left override": "abc\u202edef",
        }
        for name, body in bodies.items():
            with self.subTest(name):
                answer = self.send(body=body)
                self.assertContains(answer, "notice--error", status_code=422)
                self.assert_nothing_written()

    def test_half_a_character_is_never_stored(self) -> None:
        answer = self.client.generic(
            "POST",
            self.url,
            b"stance=different&body=abc%ED%A0%80def",
            content_type="application/x-www-form-urlencoded",
        )
        self.assertIn(answer.status_code, {302, 422})
        for comment in Comment.objects.all():
            comment.body.encode()

    def test_typed_words_come_back(self) -> None:
        answer = self.send(stance="", body="Long and thoughtful words.")
        self.assertContains(answer, "Long and thoughtful words.", status_code=422)
        self.assertContains(answer, "None is chosen for you", status_code=422)
        self.assert_nothing_written()

    def test_a_stance_of_another_question(self) -> None:
        other = make_post(self.author)
        make_question(other, stances=[("maybe", "Maybe", "", "apart", "blue")])
        self.assertContains(self.send(stance="maybe"), "notice--error", status_code=422)
        self.assert_nothing_written()

    def test_a_parent_on_another_post_or_nowhere(self) -> None:
        other = make_post(self.author)
        make_question(other)
        elsewhere = make_comment(other, self.stranger, stances_by_key(other)["same"])
        for parent in (elsewhere.pk, 999_999, "x", "-1", "9" * 30):
            with self.subTest(parent):
                answer = self.send(parent=parent, body="Words worth keeping.")
                self.assertContains(answer, "Words worth keeping.", status_code=404)
                self.assertIs(Comment.objects.filter(author=self.reader).exists(), False)

    def test_a_parent_that_was_removed_meanwhile(self) -> None:
        root = make_comment(self.post, self.stranger)
        states.change_state(root, to=CommentState.REMOVED, removed_reason="spam")
        answer = self.send(parent=root.pk, body="Words worth keeping.")
        self.assertContains(answer, "Words worth keeping.", status_code=404)

    def test_a_locked_thread(self) -> None:
        root = make_comment(self.post, self.stranger)
        Comment.objects.filter(pk=root.pk).update(locked_at=root.created_at)
        answer = self.send(parent=root.pk, body="Words worth keeping.")
        self.assertContains(answer, "Words worth keeping.", status_code=403)

    def test_a_parent_as_deep_as_threads_go(self) -> None:
        chain = [make_comment(self.post, self.stranger)]
        for _depth in range(MAX_DEPTH):
            chain.append(make_comment(self.post, self.stranger, parent=chain[-1]))
        answer = self.send(parent=chain[-1].pk, body="Words worth keeping.")
        self.assertContains(answer, "Words worth keeping.", status_code=409)
        link = f'<a href="{chain[-2].get_absolute_url()}">the comment by sam</a>'
        self.assertContains(answer, link, status_code=409)
        self.assertEqual(Comment.objects.count(), MAX_DEPTH + 1)
        page = self.client.get(chain[-2].get_absolute_url(), follow=True)
        self.assertContains(page, chain[-1].body)
        self.assertContains(page, f"parent={chain[-2].pk}")
        self.assertNotContains(page, f"parent={chain[-1].pk}")

    def test_a_post_nobody_may_read(self) -> None:
        draft = make_post(self.author, published_at=None)
        url = reverse("comments:answer", args=[draft.slug])
        self.assertEqual(self.client.get(url).status_code, 404)
        self.assertEqual(self.client.post(url, {"body": "Hello there."}).status_code, 404)

    def test_text_that_cannot_be_rendered(self) -> None:
        answer = self.send(body=">" * 3000)
        self.assertContains(answer, "notice--error", status_code=422)
        self.assert_nothing_written()


class AnsweringOnlyTests(AnswerCase):
    """Answering without a comment, and withdrawing."""

    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.reader)

    def test_the_answer_counts(self) -> None:
        answer = self.send(body="", wish="answer", stance="overlap")
        self.assertRedirects(
            answer, f"{self.post.get_absolute_url()}#question", fetch_redirect_response=False
        )
        self.assertEqual(CurrentStance.objects.get().stance, self.stances["overlap"])
        self.assertIs(Comment.objects.exists(), False)

    def test_nothing_chosen_is_no_answer(self) -> None:
        self.assertEqual(self.send(body="", wish="answer", stance="").status_code, 422)
        self.assert_nothing_written()

    def test_written_words_are_not_thrown_away(self) -> None:
        answer = self.send(body="But I wrote this.", wish="answer")
        self.assertContains(answer, "But I wrote this.", status_code=422)
        self.assert_nothing_written()

    def test_withdrawing(self) -> None:
        self.send(body="", wish="answer")
        url = reverse("comments:withdrawal", args=[self.post.slug])
        self.assertEqual(self.client.get(url).status_code, 405)
        self.client.post(url)
        self.assertIsNone(CurrentStance.objects.get().stance)
        self.assertEqual(Stance.objects.get(key="different").answer_count, 0)
        self.client.post(url)
        self.assertEqual(StanceRecord.objects.count(), 2)


class PreviewTests(AnswerCase):
    """The preview, rendered by the server with the same renderer as the comment."""

    def test_it_shows_what_would_be_posted_and_posts_nothing(self) -> None:
        self.sign_in(self.reader)
        answer = self.send(wish="preview", body="*really* <script>alert(1)</script>")
        self.assertContains(answer, "<em>really</em>")
        self.assertNotContains(answer, "<script>alert")
        self.assert_nothing_written()


class FirstAnswerTests(AnswerCase):
    """The stance that is chosen when the form opens."""

    def test_nothing_is_preselected_for_a_first_answer(self) -> None:
        self.sign_in(self.reader)
        self.assertNotContains(self.client.get(self.url), "checked")

    def test_a_choice_made_on_the_public_page_is_kept(self) -> None:
        self.sign_in(self.reader)
        self.assertContains(
            self.client.get(f"{self.url}?stance=overlap"), 'value="overlap" checked'
        )

    def test_later_replies_start_with_the_present_stance(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        self.sign_in(self.reader)
        self.assertContains(self.client.get(self.url), 'value="same" checked')


class KindTests(AnswerCase):
    """An answer or a note: the choice of people who may write both."""

    def kind_of(self, query: str = "") -> str:
        """Return the choice that the page begins with, "" where it offers none."""
        page = self.client.get(f"{self.url}{query}").text
        chosen = [
            kind for kind in ("answer", "note") if f'name="kind" value="{kind}" checked' in page
        ]
        self.assertLessEqual(len(chosen), 1)
        return "".join(chosen)

    def test_it_begins_with_the_likelier_one(self) -> None:
        for person, first in ((self.author, "note"), (self.moderator, "answer"), (self.reader, "")):
            self.sign_in(person)
            self.assertEqual(self.kind_of(), first, person)
        self.sign_in(self.author)
        self.assertEqual(self.kind_of("?stance=same"), "answer")
        page = self.client.get(self.post.get_absolute_url())
        self.assertContains(page, 'name="kind" value="note" checked')

    def test_a_note_leaves_out_the_answer_that_was_chosen(self) -> None:
        self.sign_in(self.author)
        self.send(kind="note")
        self.assertIsNone(Comment.objects.get().stance)
        self.assertFalse(CurrentStance.objects.exists())

    def test_a_note_is_not_refused_for_an_answer_that_is_not_there(self) -> None:
        self.sign_in(self.author)
        self.assertEqual(self.send(kind="note", stance="gone", argues_for="gone").status_code, 302)
        self.assertIsNone(Comment.objects.get().stance)
        self.assertEqual(self.send(kind="answer", stance="gone").status_code, 422)

    def test_the_button_says_which_of_both_it_posts(self) -> None:
        self.sign_in(self.author)
        both = '<span data-of="answer">Post comment</span><span data-of="note">Post note</span>'
        self.assertContains(self.client.get(self.url), both)
        self.sign_in(self.reader)
        self.assertNotContains(self.client.get(self.url), "Post note")

    def test_an_answer_takes_one_and_the_words_stay(self) -> None:
        self.sign_in(self.author)
        refused = self.send(kind="answer", stance="")
        self.assertContains(refused, "Please choose an answer", status_code=422)
        self.assertContains(refused, "Because of the rota.", status_code=422)
        self.assertContains(refused, 'value="answer" checked', status_code=422)
        self.assert_nothing_written()
        self.send(kind="answer")
        self.assertEqual(Comment.objects.get().stance, self.stances["different"])

    def test_readers_always_answer(self) -> None:
        self.sign_in(self.reader)
        self.assertEqual(self.send(kind="note", stance="").status_code, 422)
        self.send(kind="note")
        self.assertEqual(Comment.objects.get().stance, self.stances["different"])

    def test_an_answer_is_recorded_whatever_the_kind(self) -> None:
        self.sign_in(self.author)
        self.send(kind="note", body="", wish="answer")
        self.assertEqual(CurrentStance.objects.get().stance, self.stances["different"])
