"""Test sixteen simultaneous writers: no write is lost, doubled or miscounted."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.test import TransactionTestCase
from django.utils import timezone

from accounts.models import Role, User
from comments.actions import comments, reactions, sealed_answers, states, steelmen
from comments.actions.comments import Draft, Posted, post_comment
from comments.closings.judging import judge
from comments.closings.writing import ClosingDraft, write
from comments.integrity import faults
from comments.models import (
    Closing,
    Comment,
    CommentState,
    Reaction,
    StanceRecord,
    SteelmanVerdict,
)
from comments.ranking import constants
from core.exceptions import ActionRefused
from posts.actions import Opening, seal_answer
from posts.models import Post, Stance
from tests.at_once import at_once
from tests.factories import make_comment, make_post, make_question, make_user, stances_by_key

WRITERS = 16
EACH = 3


class ConcurrencyTests(TransactionTestCase):
    """One post, one question, sixteen readers."""

    def setUp(self) -> None:
        self.enterContext(patch.object(constants, "SETTLED_AFTER", 0))
        self.author = make_user("ada", Role.AUTHOR)
        self.post = make_post(self.author)
        make_question(self.post)
        self.stances = list(stances_by_key(self.post).values())
        self.readers = [make_user(is_demo=True) for _number in range(WRITERS)]
        self.root = make_comment(self.post, make_user(is_demo=True))

    def writing(self, reader: User, stance: Stance, parent: Comment | None) -> Callable[[], Any]:
        """Return the work of a reader who posts a few comments, one after the other."""
        # Far enough apart that no rate limit applies.
        moments = [timezone.now() - timedelta(hours=EACH - number) for number in range(EACH)]

        def work() -> list[Posted]:
            return [
                post_comment(
                    Draft(reader, self.post, f"Reason {moment}.", parent=parent, stance=stance),
                    now=moment,
                )
                for moment in moments
            ]

        return work

    def test_readers_who_reach_the_number_together_open_a_sealed_answer_once(self) -> None:
        opening = Opening(after=WRITERS)  # one has answered already
        sealed = seal_answer(
            self.post.question, author=self.author, stance_key="same", opening=opening
        )

        def answering(reader: User, stance: Stance) -> Callable[[], Any]:
            return lambda: comments.answer_question(
                reader=reader, question=self.post.question, stance=stance
            )

        works = [
            answering(reader, self.stances[place % 3]) for place, reader in enumerate(self.readers)
        ]
        results = at_once(*works)
        self.assertFalse([one for one in results if isinstance(one, Exception)], results)
        sealed.refresh_from_db()
        self.assertIsNotNone(sealed.opened_at)
        self.assertEqual(StanceRecord.objects.filter(reader=self.author).count(), 1)
        self.assertEqual(list(faults()), [])

    def test_a_seal_that_opens_while_its_author_writes_is_opened_once(self) -> None:
        seal_answer(
            self.post.question,
            author=self.author,
            stance_key="same",
            opening=Opening(after=WRITERS // 2),
        )
        works = [self.writing(reader, self.stances[0], self.root) for reader in self.readers]
        notes = [
            partial(post_comment, Draft(self.author, self.post, f"Note {number}.", self.root))
            for number in range(WRITERS // 2)
        ]
        results = at_once(*works, *notes)
        self.assertFalse([one for one in results if isinstance(one, Exception)], results)
        sealed_answers.open_due()
        self.assertEqual(StanceRecord.objects.filter(reader=self.author).count(), 1)
        self.assertEqual(list(faults()), [])

    def test_all_who_judge_at_once_are_counted(self) -> None:
        first, second = self.stances[:2]
        for place, reader in enumerate(self.readers):
            stance = first if place % 2 else second
            make_comment(self.post, reader, stance, now=timezone.now() - timedelta(days=9))
        cited = [
            Comment.objects.filter(stance=stance).latest("pk").pk for stance in (first, second)
        ]
        closing = write(
            ClosingDraft(self.post, self.author, "Some say this, some that. " * 9, cited)
        )

        def judging(reader: User) -> Callable[[], Any]:
            def work() -> None:
                for is_fair in (False, True):
                    judge(closing, by=reader, is_fair=is_fair)

            return work

        self.assertEqual(at_once(*map(judging, self.readers)), [None] * WRITERS)
        sides = closing.sides.values_list("fair", "judges")
        self.assertEqual(list(sides), [(WRITERS / 2, WRITERS / 2)] * 2)
        self.assertEqual(Closing.objects.get().status, "final")
        self.assertEqual(list(faults()), [])

    def test_200_presses_leave_one_row(self) -> None:
        reader = self.readers[0]

        def press() -> list[bool]:
            return [reactions.press(self.root, by=reader) for _press in range(5)]

        results = at_once(*[press] * 40)
        self.assertEqual(sum(sum(each) for each in results), 1, results)
        self.assertEqual(Reaction.objects.filter(comment=self.root).count(), 1)
        self.assertEqual(list(faults()), [])

    def steelman(self) -> Comment:
        """Return a best reason for the second answer, by somebody who gives the first."""
        own, other, *_rest = self.stances
        writer = make_user(is_demo=True)
        comments.answer_question(reader=writer, question=self.post.question, stance=own)
        return post_comment(Draft(writer, self.post, "One job.", argues_for=other)).comment

    def holders(self) -> list[User]:
        """Return the readers, who have given the second answer now."""
        for reader in self.readers:
            comments.answer_question(
                reader=reader, question=self.post.question, stance=self.stances[1]
            )
        return self.readers

    def test_200_verdicts_leave_one_row(self) -> None:
        steelman, (reader, *_others) = self.steelman(), self.holders()

        def judge(number: int) -> list[bool]:
            said = [number % 2 == turn % 2 for turn in range(5)]
            return [steelmen.judge(steelman, by=reader, is_fair=is_fair) for is_fair in said]

        results = at_once(*(partial(judge, number) for number in range(40)))
        self.assertEqual([each for each in results if isinstance(each, Exception)], [])
        verdict = SteelmanVerdict.objects.get()
        steelman.refresh_from_db()
        self.assertEqual(steelman.verdicts, "1/1" if verdict.is_fair else "0/1")
        self.assertEqual(list(faults()), [])

    def test_many_judge_at_once_and_all_are_counted(self) -> None:
        steelman = self.steelman()
        works = [
            partial(steelmen.judge, steelman, by=reader, is_fair=True) for reader in self.holders()
        ]
        self.assertEqual(at_once(*works), [True] * WRITERS)
        steelman.refresh_from_db()
        self.assertEqual(steelman.verdicts, f"{WRITERS}/{WRITERS}")

    def test_many_readers_press_at_once_and_all_are_counted(self) -> None:
        works = [partial(reactions.press, self.root, by=reader) for reader in self.readers]
        self.assertEqual(at_once(*works), [True] * WRITERS)
        self.assertEqual(Comment.objects.get(pk=self.root.pk).well_argued, f"0:{WRITERS}")

    def test_64_writers_on_one_site(self) -> None:
        """On four posts, each writer a thread and a reply to what was there before."""
        posts = [self.post, *(make_post(self.author) for _number in range(3))]
        for post in posts[1:]:
            make_question(post)
        roots = [make_comment(post, make_user(is_demo=True)) for post in posts]

        def writing(number: int, reader: User) -> Callable[[], list[Posted]]:
            post, root = posts[number % 4], roots[number % 4]
            stance = list(stances_by_key(post).values())[number % 3]
            drafts = [
                Draft(reader, post, f"Reason {number}.", stance=stance),
                Draft(reader, post, f"Reply {number}.", parent=root, stance=stance),
            ]
            # Far enough apart that no rate limit applies.
            moments = [timezone.now() - timedelta(hours=hour) for hour in (2, 1)]
            return lambda: [
                post_comment(draft, now=now) for draft, now in zip(drafts, moments, strict=True)
            ]

        readers = [make_user(is_demo=True) for _number in range(64)]
        outcomes = at_once(*(writing(number, reader) for number, reader in enumerate(readers)))
        self.assertEqual([each for each in outcomes if isinstance(each, Exception)], [])
        made = {posted.comment.pk for outcome in outcomes for posted in outcome}
        self.assertEqual(len(made), 64 * 2)
        before = {self.root.pk, *(root.pk for root in roots)}
        self.assertEqual(set(Comment.objects.values_list("pk", flat=True)), made | before)
        self.assertEqual(list(faults()), [])

    def assert_all_written(self, outcomes: list[Any]) -> None:
        errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        self.assertEqual(errors, [])
        made = {posted.comment.pk for outcome in outcomes for posted in outcome}
        self.assertEqual(len(made), WRITERS * EACH)
        stored = Comment.objects.exclude(pk=self.root.pk)
        self.assertEqual(set(stored.values_list("pk", flat=True)), made)
        self.assertEqual(Post.objects.get().comment_count, WRITERS * EACH + 1)
        self.assertEqual(list(faults()), [])

    def pairs(self) -> list[tuple[User, Stance]]:
        """Return every reader with a stance."""
        return [(r, self.stances[i % len(self.stances)]) for i, r in enumerate(self.readers)]

    def test_replies_to_one_comment(self) -> None:
        outcomes = at_once(*(self.writing(r, s, self.root) for r, s in self.pairs()))
        self.assert_all_written(outcomes)
        self.root.refresh_from_db()
        self.assertEqual(self.root.reply_count, WRITERS * EACH)

    def test_new_threads(self) -> None:
        outcomes = at_once(*(self.writing(r, s, None) for r, s in self.pairs()))
        self.assert_all_written(outcomes)
        paths = Comment.objects.order_by("pk").values_list("path", flat=True)
        self.assertEqual(sorted(paths), list(paths))

    def test_one_form_sent_sixteen_times(self) -> None:
        draft = Draft(self.readers[0], self.post, "Once.", stance=self.stances[0], form_key=uuid4())
        outcomes = at_once(*[lambda: post_comment(draft)] * WRITERS)
        self.assertEqual({outcome.comment.pk for outcome in outcomes}, {Comment.objects.last().pk})  # type: ignore[union-attr]
        self.assertEqual(sum(outcome.is_new for outcome in outcomes), 1)
        self.assertEqual(Comment.objects.count(), 2)

    def test_one_reader_answers_in_sixteen_windows(self) -> None:
        reader, question = self.readers[0], self.post.question
        works = [
            lambda i=i: comments.answer_question(
                reader=reader, question=question, stance=self.stances[i % 3]
            )
            for i in range(WRITERS)
        ]
        for outcome in at_once(*works):
            self.assertIsInstance(outcome, StanceRecord | ActionRefused | None)
        self.assertGreater(StanceRecord.objects.filter(reader=reader).count(), 0)
        self.assertEqual(list(faults()), [])

    def test_replies_while_the_parent_goes(self) -> None:
        def goes() -> None:
            comments.delete_comment(self.root)

        works = [self.writing(r, s, self.root) for r, s in self.pairs()[:8]]
        *outcomes, gone = at_once(*works, goes)
        self.assertIsNone(gone)
        for outcome in outcomes:
            self.assertIsInstance(outcome, list | ActionRefused)
        self.assertEqual(list(faults()), [])

    def test_a_comment_goes_and_comes_back(self) -> None:
        def removed() -> Comment:
            return states.change_state(self.root, to=CommentState.REMOVED, removed_reason="spam")

        def restored() -> Comment:
            return states.change_state(self.root, to=CommentState.PUBLISHED)

        works = [self.writing(r, s, self.root) for r, s in self.pairs()[:6]]
        at_once(*works, *[removed, restored] * 5)
        self.assertEqual(list(faults()), [])
