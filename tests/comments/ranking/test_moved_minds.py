"""Test whose minds a comment moved: once for a writer, and only while they have not moved back."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from comments.actions import changes_of_mind, stances
from comments.actions.changes_of_mind import Credit
from comments.integrity import faults
from comments.models import ChangeKind, ChangeOfMind, Comment, StanceSource
from tests.cast import Cast
from tests.factories import make_comment, make_user

DAY = timedelta(days=1)
WORDS = "I had never thought of the rota in this way before, I have to say."


class MovedMindsTests(Cast):
    """Readers who credit comments with changing their answer."""

    now: datetime

    def setUp(self) -> None:
        self.now = timezone.now() - 40 * DAY
        self.friend = make_user("fay", is_demo=True, joined_at=self.now - 7 * DAY)
        self.answer("different")

    def answer(self, key: str, reader: User | None = None) -> None:
        """Let the friend answer, later than all before."""
        self.now += DAY
        version = self.post.question.version
        assert version is not None
        stances.record(
            reader=reader or self.friend,
            question=self.post.question,
            version=version,
            stance=self.stances[key] if key else None,
            source=StanceSource.BARE,
            now=self.now,
        )

    def written(self, number: int, writer: User | None = None) -> list[Comment]:
        writer = writer or self.reader
        return [make_comment(self.post, writer, self.stances["same"]) for _each in range(number)]

    def credit(self, comment: Comment, was: str, to: str) -> ChangeOfMind:
        self.now += DAY
        credit = Credit(
            giver=self.friend,
            post=self.post,
            kind=ChangeKind.MOVED,
            words=WORDS,
            was=self.stances[was],
            to=self.stances[to],
            comment=comment,
        )
        return changes_of_mind.give(credit, now=self.now)

    def moved(self) -> list[str]:
        """Return what each comment that moved anybody says, the oldest first."""
        self.assertEqual([each for each in faults() if "minds" in str(each)], [])
        rows: QuerySet[Comment] = Comment.objects.exclude(minds_moved="").order_by("pk")
        return [comment.minds_moved for comment in rows]

    def test_a_friend_who_goes_to_and_fro_counts_once(self) -> None:
        comments = self.written(6)
        for number, comment in enumerate(comments):
            was, to = ("same", "different") if number % 2 else ("different", "same")
            self.credit(comment, was, to)
            with self.subTest(credited=number + 1):
                back = [] if number % 2 else [f"{self.stances['different'].pk}:1"]
                self.assertEqual(self.moved(), back)
        self.answer("overlap")
        self.assertEqual(len(self.moved()), 1)
        self.assertNotEqual(Comment.objects.get(pk=comments[0].pk).minds_moved, "")

    def test_each_writer_has_their_own(self) -> None:
        first, second = self.written(1) + self.written(1, self.stranger)
        self.credit(first, "different", "same")
        self.credit(second, "same", "overlap")
        different, same = self.stances["different"].pk, self.stances["same"].pk
        self.assertEqual(self.moved(), [f"{different}:1", f"{same}:1"])

    def test_it_ends_and_begins_with_any_answer(self) -> None:
        (comment,) = self.written(1)
        self.credit(comment, "different", "same")
        for key, counts in (
            ("different", False),
            ("overlap", True),
            ("", False),
            ("same", True),
        ):
            self.answer(key)
            with self.subTest(answers=key):
                self.assertEqual(bool(self.moved()), counts)
        make_comment(self.post, self.friend, self.stances["different"], now=self.now + DAY)
        self.assertEqual(self.moved(), [])

    def test_the_next_counts_when_the_first_is_taken_back(self) -> None:
        first, second = self.written(2)
        change = self.credit(first, "different", "same")
        self.credit(second, "same", "overlap")
        self.assertEqual(self.moved(), [f"{self.stances['different'].pk}:1"])
        changes_of_mind.revoke(change, now=self.now)
        self.assertEqual(self.moved(), [f"{self.stances['same'].pk}:1"])
