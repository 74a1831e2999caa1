"""Test `check_integrity --repair`: it lists repairs, makes them, and leaves history unchanged."""

from datetime import timedelta
from io import StringIO
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from comments import db_triggers
from comments.actions import comments
from comments.integrity import faults, repairs
from comments.management.commands import check_integrity
from comments.models import Comment, CurrentStance, StanceRecord
from comments.moderation.actions import close_discussion
from posts.actions import Opening, seal_answer
from posts.models import Post, SealedAnswer, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_user


def check(*options: str) -> tuple[str, str]:
    """Run the command; return what it printed and its last sentence."""
    said = StringIO()
    try:
        call_command("check_integrity", *options, stdout=said)
    except CommandError as error:
        return said.getvalue(), str(error)
    return said.getvalue(), ""


class RepairTests(Cast):
    """A chain of three comments and another thread, with wrong figures."""

    def setUp(self) -> None:
        same, overlap = self.stances["same"], self.stances["overlap"]
        self.root = make_comment(self.post, self.reader, same)
        self.reply = make_comment(self.post, self.stranger, overlap, parent=self.root)
        self.deep = make_comment(self.post, self.reader, overlap, parent=self.reply)
        self.other = make_comment(self.post, make_user(is_demo=True), same)
        connection.check_constraints()

    def spoil(self, row: Any, **figures: Any) -> None:
        type(row)._default_manager.filter(pk=row.pk).update(**figures)

    def figures(self) -> list[Any]:
        """Return every figure that is derived."""
        stored = ("pk", "is_shown", "reply_count", "thread_size", "thread_published_at")
        return [
            *Comment.objects.order_by("pk").values_list(*stored),
            *Post.objects.order_by("pk").values_list("pk", "comment_count", "closed_at"),
            *Stance.objects.order_by("pk").values_list("pk", "answer_count", "word"),
            *CurrentStance.objects.order_by("reader", "question").values_list(
                "reader", "question", "record", "stance"
            ),
            *User.objects.order_by("pk").values_list("pk", "handle_skeleton"),
        ]

    def spoil_everything(self) -> None:
        self.spoil(self.root, reply_count=7, thread_size=9, is_shown=False)
        self.spoil(self.reply, thread_size=3, thread_published_at=None)
        self.spoil(self.deep, is_shown=False)
        self.spoil(self.post, comment_count=0, closed_at=timezone.now(), closed_reason="heated")
        self.spoil(self.stances["same"], answer_count=40, word="Alike")
        self.spoil(self.reader, handle_skeleton="nobody")
        mine = CurrentStance.objects.filter(reader=self.reader)
        mine.update(record=StanceRecord.objects.filter(reader=self.reader).earliest("pk"))
        CurrentStance.objects.filter(reader=self.stranger).delete()

    def test_what_would_be_done_is_said_and_not_done(self) -> None:
        self.spoil_everything()
        spoilt = self.figures()
        said, last = check("--repair")
        self.assertIn(
            f"post {self.post.pk}: its comment_count is 0, counted are 4\n    would be recounted",
            said,
        )
        self.assertIn("`manage.py check_integrity --repair --yes` repairs", last)
        self.assertEqual(self.figures(), spoilt)

    def test_everything_derived_comes_back(self) -> None:
        before = self.figures()
        self.spoil_everything()
        self.assertNotEqual(self.figures(), before)
        said, last = check("--repair", "--yes")
        self.assertEqual(last, "")
        self.assertEqual(self.figures(), before)
        self.assertIn(f"post {self.post.pk}: comment_count was 0, is 4 now\n", said)
        self.assertTrue(said.endswith("No faults found.\n"), said)
        self.assertEqual(list(faults()), [])

    def test_what_never_arrived_is_new_to_everybody(self) -> None:
        seen = Post.objects.get(pk=self.post.pk).page_version
        self.spoil(self.root, arrival=None)
        self.spoil(self.reply, arrival=seen + 9)
        said, last = check("--repair", "--yes")
        self.assertEqual(last, "")
        self.assertIn(f"comment {self.root.pk}: it is new to everybody now\n", said)
        arrivals = Comment.objects.filter(arrival__gt=seen).values_list("pk", flat=True)
        self.assertEqual(set(arrivals), {self.root.pk, self.reply.pk})

    def test_what_opened_and_was_not_recorded_counts_again(self) -> None:
        opening = Opening(after=50)
        seal_answer(self.post.question, author=self.author, stance_key="same", opening=opening)
        SealedAnswer.objects.update(opened_at=timezone.now() + timedelta(seconds=1))
        said, last = check("--repair", "--yes")
        self.assertEqual(last, "")
        self.assertIn("it is recorded as an answer now", said)
        record = StanceRecord.objects.get(reader=self.author)
        self.assertEqual(record.recorded_at, SealedAnswer.objects.get().opened_at)
        self.assertEqual(Stance.objects.get(pk=self.stances["same"].pk).answer_count, 2)

    def test_kept_pages_are_built_anew(self) -> None:
        for spoil in (
            lambda: self.spoil(self.root, reply_count=7),
            lambda: self.spoil(self.root, thread_size=7),
            lambda: self.spoil(self.deep, thread_published_at=None),
            lambda: self.spoil(self.post, comment_count=7),
            lambda: self.spoil(self.post, closed_at=timezone.now(), closed_reason="heated"),
            lambda: self.spoil(self.stances["same"], answer_count=7),
            lambda: CurrentStance.objects.all().delete(),
        ):
            spoil()
            before = Post.objects.get(pk=self.post.pk).page_version
            check("--repair", "--yes")
            self.assertGreater(Post.objects.get(pk=self.post.pk).page_version, before)

    def test_a_closed_discussion_is_closed_as_the_log_says(self) -> None:
        close_discussion(self.post, by=self.author, reason="circling")
        closed_at = Post.objects.get(pk=self.post.pk).closed_at
        for wrong in ({"closed_at": None, "closed_reason": ""}, {"closed_reason": "heated"}):
            self.spoil(self.post, **wrong)
            self.assertEqual(check("--repair", "--yes")[1], "")
            after = Post.objects.get(pk=self.post.pk)
            self.assertEqual((after.closed_at, after.closed_reason), (closed_at, "circling"))

    def test_a_leaf_takes_its_ancestors_with_it(self) -> None:
        for comment in (self.root, self.reply):
            comments.delete_comment(comment)
        before = self.figures()
        # As if the leaf did not exist: figures above agree, only the leaf's are wrong.
        self.spoil(self.deep, is_shown=False)
        self.spoil(self.reply, is_shown=False, reply_count=0)
        self.spoil(self.root, is_shown=False, reply_count=0)
        self.assertEqual(len(list(faults())), 1)
        self.assertEqual(check("--repair", "--yes")[1], "")
        self.assertEqual(self.figures(), before)

    def test_what_needs_a_person_is_left_and_said(self) -> None:
        self.spoil(self.reply, depth=2)
        self.spoil(self.post, comment_count=0)
        said, last = check("--repair", "--yes")
        self.assertEqual(last, "1 fault left.")
        self.assertIn("its depth is 2, by its path it is 1\n    needs a person: its parent", said)
        self.assertEqual(Post.objects.get(pk=self.post.pk).comment_count, 4)
        self.reply.refresh_from_db()
        self.assertEqual(self.reply.depth, 2)

    def test_history_is_left_as_it_is(self) -> None:
        records = list(StanceRecord.objects.order_by("pk").values())
        db_triggers.remove()
        theirs = StanceRecord.objects.get(reader=self.stranger)
        StanceRecord.objects.filter(pk=records[-1]["id"]).update(supersedes=theirs)
        broken = list(StanceRecord.objects.order_by("pk").values())
        db_triggers.install()
        said, last = check("--repair", "--yes")
        self.assertIn("needs a person: the history is never changed", said)
        self.assertIn("left", last)
        self.assertEqual(list(StanceRecord.objects.order_by("pk").values()), broken)

    def test_two_readers_who_have_each_others_record(self) -> None:
        before = self.figures()
        theirs = CurrentStance.objects.get(reader=self.stranger)
        CurrentStance.objects.filter(pk=theirs.pk).delete()
        self.spoil(CurrentStance.objects.get(reader=self.reader), record=theirs.record)
        self.assertEqual(check("--repair", "--yes")[1], "")
        self.assertEqual(self.figures(), before)

    def test_a_handle_that_would_look_like_anothers_is_left(self) -> None:
        mine = self.reader.handle_skeleton
        self.spoil(self.reader, handle_skeleton="aside")
        twin = make_user("twin")
        self.spoil(twin, handle=self.reader.handle.upper(), handle_skeleton=mine)
        said, last = check("--repair", "--yes")
        self.assertIn("somebody has a handle that looks like", said)
        self.assertEqual(last, "1 fault left.")

    def test_ids_go_on_behind_the_highest(self) -> None:
        [line] = repairs.SEQUENCE.do([None])
        self.assertIn(f"comment {self.other.pk}: the next id is {self.other.pk + 1}", line)
        self.assertGreater(make_comment(self.post, self.reader).pk, self.other.pk)

    def test_a_repair_that_was_stopped_goes_on(self) -> None:
        before = self.figures()
        self.spoil_everything()
        with mock.patch.object(check_integrity, "BATCH", 1):
            repair, [first] = next(check_integrity.batches(faults()))
            assert repair
            self.assertNotEqual(list(repair.do([first.key])), [])
        self.assertNotEqual(self.figures(), before)
        self.assertEqual(check("--repair", "--yes")[1], "")
        self.assertEqual(self.figures(), before)

    def test_yes_alone_means_nothing(self) -> None:
        self.assertIn("give both", check("--yes")[1])
