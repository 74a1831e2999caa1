"""Test posting, editing and deleting comments and answering questions, with all side effects."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from comments.actions import states
from comments.actions.comments import Draft, answer_question, delete_comment, post_comment
from comments.actions.edits import changed_characters, edit_comment
from comments.models import (
    Comment,
    CommentKind,
    CommentState,
    CurrentStance,
    SeenTotals,
    StanceRecord,
    StanceSource,
)
from core.exceptions import ActionRefused
from posts.models import Post, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_user


class PostCommentTests(Cast):
    """The rows and figures that a new comment changes."""

    def draft(self, **changes: object) -> Draft:
        fields = {
            "author": self.reader,
            "post": self.post,
            "body": "Because.",
            "stance": self.stances["different"],
        }
        return Draft(**{**fields, **changes})  # type: ignore[arg-type]

    def test_a_published_comment_is_counted_and_recorded(self) -> None:
        comment = post_comment(self.draft(seen_totals=SeenTotals.YES)).comment
        record = StanceRecord.objects.get()
        self.assertEqual(comment.state, CommentState.PUBLISHED)
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 1)
        self.assertEqual(record.stance, self.stances["different"])
        self.assertEqual(record.source, StanceSource.COMMENT)
        self.assertEqual(record.comment, comment)
        self.assertEqual(record.seen_totals, SeenTotals.YES)
        self.assertEqual(Stance.objects.get(key="different").answer_count, 1)

    def test_a_reply_counts_for_its_parent_and_its_thread(self) -> None:
        root = make_comment(self.post, self.reader)
        reply = make_comment(self.post, self.stranger, parent=root)
        make_comment(self.post, self.reader, parent=reply)
        root.refresh_from_db()
        reply.refresh_from_db()
        self.assertEqual((root.reply_count, root.thread_size), (1, 2))
        self.assertEqual((reply.reply_count, reply.depth), (1, 1))
        self.assertTrue(reply.path.startswith(root.path))

    def test_a_newcomer_is_held_and_records_nothing_yet(self) -> None:
        comment = post_comment(self.draft(author=self.newcomer)).comment
        self.assertEqual(comment.state, CommentState.HELD)
        self.assertEqual(comment.held_reason, "newcomer")
        self.assertIs(StanceRecord.objects.exists(), False)
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 0)

    def test_after_two_published_comments_nobody_is_a_newcomer(self) -> None:
        for minutes in (90, 60):
            past = timezone.now() - timedelta(minutes=minutes)
            draft = self.draft(author=self.newcomer, body=f"Reason {minutes}")
            held = post_comment(draft, now=past).comment
            states.change_state(held, to=CommentState.PUBLISHED)
        third = post_comment(self.draft(author=self.newcomer, body="Third")).comment
        self.assertEqual(third.state, CommentState.PUBLISHED)

    def test_the_same_words_again_are_the_same_comment(self) -> None:
        first = post_comment(self.draft())
        again = post_comment(self.draft())
        self.assertEqual(again.comment, first.comment)
        self.assertIs(again.is_new, False)

    def test_the_same_form_again_is_the_same_comment_even_an_hour_later(self) -> None:
        draft = self.draft(form_key=uuid4())
        first = post_comment(draft, now=timezone.now() - timedelta(hours=1))
        self.assertEqual(post_comment(draft).comment, first.comment)

    def test_a_used_form_with_other_words_makes_a_new_comment(self) -> None:
        key = uuid4()
        first = post_comment(self.draft(form_key=key), now=timezone.now() - timedelta(minutes=30))
        second = post_comment(self.draft(form_key=key, body="Something else."))
        self.assertNotEqual(second.comment, first.comment)

    def test_the_same_words_after_deleting_them_make_a_new_comment(self) -> None:
        first = post_comment(self.draft(), now=timezone.now() - timedelta(minutes=2))
        delete_comment(first.comment)
        self.assertIs(post_comment(self.draft()).is_new, True)

    def test_writing_too_fast_is_refused_with_the_seconds_to_wait(self) -> None:
        now = timezone.now()
        post_comment(self.draft(), now=now)
        with self.assertRaises(ActionRefused) as caught:
            post_comment(self.draft(body="More."), now=now + timedelta(seconds=2))
        self.assertEqual(caught.exception.status, 429)
        self.assertEqual(caught.exception.retry_after, 4)
        post_comment(self.draft(body="More."), now=now + timedelta(seconds=6))

    def test_six_in_ten_minutes_are_enough(self) -> None:
        now = timezone.now()
        for number in range(6):
            post_comment(
                self.draft(body=f"Part {number}"), now=now + timedelta(seconds=10 * number)
            )
        with self.assertRaises(ActionRefused):
            post_comment(self.draft(body="Part 7"), now=now + timedelta(seconds=70))

    def test_author_and_staff_have_no_rate(self) -> None:
        now = timezone.now()
        for person in (self.author, self.moderator):
            for number in range(8):
                post_comment(self.draft(author=person, body=f"Part {number}"), now=now)

    def test_the_author_may_write_a_note_and_a_reader_may_not(self) -> None:
        note = post_comment(self.draft(author=self.author, stance=None)).comment
        self.assertEqual(note.kind, CommentKind.NOTE)
        with self.assertRaises(ActionRefused) as caught:
            post_comment(self.draft(stance=None))
        self.assertEqual(caught.exception.status, 422)

    def test_a_suspended_person_writes_nothing(self) -> None:
        with self.assertRaises(ActionRefused):
            post_comment(self.draft(author=self.suspended))
        self.assertIs(Comment.objects.exists(), False)

    def test_no_reply_to_what_was_taken_down(self) -> None:
        root = make_comment(self.post, self.stranger)
        states.change_state(root, to=CommentState.REMOVED, removed_reason="spam")
        with self.assertRaises(ActionRefused) as caught:
            post_comment(self.draft(parent=root))
        self.assertEqual(caught.exception.status, 404)

    def test_a_locked_thread_takes_replies_from_staff_only(self) -> None:
        root = make_comment(self.post, self.stranger)
        Comment.objects.filter(pk=root.pk).update(locked_at=timezone.now())
        with self.assertRaises(ActionRefused) as caught:
            post_comment(self.draft(parent=root))
        self.assertEqual(caught.exception.status, 403)
        self.assertIs(post_comment(self.draft(author=self.moderator, parent=root)).is_new, True)

    def test_the_deepest_comment_names_the_one_to_answer_instead(self) -> None:
        comment = make_comment(self.post, self.moderator, self.stances["same"])
        for _level in range(18):
            comment = make_comment(self.post, self.moderator, self.stances["same"], parent=comment)
        self.assertEqual(comment.depth, 18)
        with self.assertRaises(ActionRefused) as caught:
            post_comment(self.draft(parent=comment))
        self.assertEqual(caught.exception.status, 409)
        link = caught.exception.link
        assert link
        assert comment.parent
        self.assertEqual(link.url, comment.parent.get_absolute_url())


class StanceHistoryTests(Cast):
    """The records of readers' answers."""

    def current(self) -> Stance | None:
        return CurrentStance.objects.get(reader=self.reader).stance

    def test_the_same_stance_again_is_not_recorded_again(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        make_comment(self.post, self.reader, self.stances["same"])
        self.assertEqual(StanceRecord.objects.count(), 1)

    def test_another_stance_supersedes_the_one_before(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        make_comment(self.post, self.reader, self.stances["overlap"])
        first, second = StanceRecord.objects.all()
        self.assertEqual(second.supersedes, first)
        self.assertEqual(self.current(), self.stances["overlap"])
        self.assertEqual(Stance.objects.get(key="same").answer_count, 0)
        self.assertEqual(Stance.objects.get(key="overlap").answer_count, 1)

    def test_approval_does_not_overrule_an_answer_given_since(self) -> None:
        then = timezone.now() - timedelta(hours=2)
        draft = Draft(self.newcomer, self.post, "Held.", stance=self.stances["same"])
        held = post_comment(draft, now=then).comment
        answer_question(
            reader=self.newcomer, question=self.post.question, stance=self.stances["overlap"]
        )
        states.change_state(held, to=CommentState.PUBLISHED)
        self.assertEqual(
            CurrentStance.objects.get(reader=self.newcomer).stance, self.stances["overlap"]
        )

    def test_of_two_held_comments_the_later_one_counts_whichever_is_approved_first(self) -> None:
        for first, last in ((0, 1), (1, 0)):
            newcomer = make_user()
            held = [
                post_comment(
                    Draft(newcomer, self.post, f"Held: {key}.", stance=self.stances[key]),
                    now=timezone.now() - timedelta(hours=hours),
                ).comment
                for hours, key in ((2, "same"), (1, "overlap"))
            ]
            with self.subTest(first=held[first].body):
                states.change_state(held[first], to=CommentState.PUBLISHED)
                states.change_state(held[last], to=CommentState.PUBLISHED)
                current = CurrentStance.objects.get(reader=newcomer)
                self.assertEqual(current.stance, self.stances["overlap"])
                totals = {each.key: each.answer_count for each in self.post.question.stances.all()}
                self.assertEqual(totals["same"], 0)

    def test_answering_and_withdrawing_without_a_comment(self) -> None:
        question = self.post.question
        answer_question(reader=self.reader, question=question, stance=self.stances["same"])
        answer_question(reader=self.reader, question=question, stance=None)
        self.assertIsNone(self.current())
        self.assertEqual(Stance.objects.get(key="same").answer_count, 0)
        self.assertEqual(StanceRecord.objects.count(), 2)
        self.assertIsNone(answer_question(reader=self.reader, question=question, stance=None))

    def test_removing_and_deleting_take_nobodys_stance_away(self) -> None:
        comment = make_comment(self.post, self.reader, self.stances["same"])
        states.change_state(comment, to=CommentState.REMOVED, removed_reason="spam")
        delete_comment(comment)
        self.assertEqual(self.current(), self.stances["same"])
        self.assertEqual(Stance.objects.get(key="same").answer_count, 1)

    def test_correcting_a_fresh_comment_acts_as_if_posted_so(self) -> None:
        comment = make_comment(self.post, self.reader, self.stances["same"], now=timezone.now())
        edit_comment(comment, by=self.reader, body=comment.body, stance=self.stances["different"])
        self.assertEqual(self.current(), self.stances["different"])
        self.assertEqual(StanceRecord.objects.last().source, StanceSource.CORRECTION)  # type: ignore[union-attr]

    def test_a_stance_is_frozen_after_the_edit_window(self) -> None:
        comment = make_comment(self.post, self.reader, self.stances["same"])
        edited = edit_comment(
            comment, by=self.reader, body="New words.", stance=self.stances["different"]
        )
        self.assertEqual(edited.stance, self.stances["same"])

    def test_answers_of_the_banned_do_not_count(self) -> None:
        banned = make_user("bruno", is_demo=True, banned_at=timezone.now())
        with self.assertRaises(ActionRefused):
            answer_question(reader=banned, question=self.post.question, stance=self.stances["same"])


class EditingTests(Cast):
    """Revisions of edited comments."""

    def edit_after(self, minutes: float, body: str = "Reason, corrected.") -> Comment:
        now = timezone.now()
        written = now - timedelta(minutes=minutes)
        comment = make_comment(self.post, self.reader, body="Reason, corected.", now=written)
        return edit_comment(comment, by=self.reader, body=body, now=now)

    def test_a_slip_within_five_minutes_is_silent(self) -> None:
        edited = self.edit_after(4)
        self.assertEqual(edited.body, "Reason, corrected.")
        self.assertIsNone(edited.edited_at)
        self.assertIs(edited.revisions.get().is_public, False)

    def test_a_large_change_is_never_silent(self) -> None:
        self.assertIsNotNone(self.edit_after(1, "x" * 200).edited_at)

    def test_within_the_window_an_edit_shows_but_not_what_it_said(self) -> None:
        edited = self.edit_after(10)
        self.assertIsNotNone(edited.edited_at)
        self.assertIs(edited.revisions.get().is_public, False)

    def test_later_the_history_is_public(self) -> None:
        self.assertIs(self.edit_after(60).revisions.get().is_public, True)

    def test_a_newcomers_edit_is_looked_at_again(self) -> None:
        now = timezone.now()
        draft = Draft(self.newcomer, self.post, "Fine words.", stance=self.stances["same"])
        comment = post_comment(draft, now=now - timedelta(minutes=10)).comment
        states.change_state(comment, to=CommentState.PUBLISHED)
        edited = edit_comment(comment, by=self.newcomer, body="Buy my things.")
        self.assertEqual(edited.state, CommentState.HELD)
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 0)

    def test_changed_characters_sets_equal_ends_aside(self) -> None:
        self.assertEqual(changed_characters("abc", "abc"), 0)
        self.assertEqual(changed_characters("abc", "abXc"), 1)
        self.assertEqual(changed_characters("aa", "aaa"), 1)
        self.assertEqual(changed_characters("", "abc"), 3)


class DeletingTests(Cast):
    """The remains of a deleted comment."""

    def test_without_replies_nothing_is_left(self) -> None:
        comment = make_comment(self.post, self.reader)
        delete_comment(comment)
        self.assertIs(Comment.objects.get(pk=comment.pk).is_shown, False)

    def test_with_replies_a_tombstone_stays_until_they_go(self) -> None:
        root = make_comment(self.post, self.reader)
        middle = make_comment(self.post, self.stranger, parent=root)
        leaf = make_comment(self.post, self.reader, parent=middle)
        delete_comment(root)
        delete_comment(middle)
        self.assertIs(Comment.objects.get(pk=root.pk).is_shown, True)
        delete_comment(leaf)
        self.assertIs(Comment.objects.filter(is_shown=True).exists(), False)
        root.refresh_from_db()
        self.assertEqual((root.reply_count, root.thread_size), (0, 0))
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 0)

    def test_deleting_twice_changes_nothing(self) -> None:
        comment = make_comment(self.post, self.reader)
        first = delete_comment(comment).deleted_at
        self.assertEqual(delete_comment(comment).deleted_at, first)
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 0)
