"""Test `check_integrity`: no line after ordinary use, and one for every planted fault."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import CheckConstraint, Q
from django.utils import timezone

from accounts.models import User
from comments import db_triggers
from comments.actions import comments, edits, stances, states
from comments.integrity import Fault, faults
from comments.integrity.storage import missing_constraints
from comments.me.erasure import erase
from comments.models import (
    Comment,
    CommentRevision,
    CommentState,
    CurrentStance,
    StanceRecord,
)
from comments.tree import paths
from pictures.models import Picture, PictureKind
from pictures.purposes import Purpose
from posts.actions import Opening, seal_answer
from posts.models import (
    Post,
    Revision,
    SavedItem,
    SavedKind,
    SealedAnswer,
    Stance,
    StanceWording,
)
from tests.cast import Cast
from tests.factories import (
    give_ids_behind,
    make_comment,
    make_post,
    make_question,
    make_user,
    stances_by_key,
)

Plant = Callable[[], object]


class IntegrityTests(Cast):
    """A discussion with rows of every kind and state."""

    def setUp(self) -> None:
        same, overlap = self.stances["same"], self.stances["overlap"]
        self.root = make_comment(self.post, self.reader, same)
        self.reply = make_comment(self.post, self.stranger, overlap, parent=self.root)
        self.deep = make_comment(self.post, self.reader, overlap, parent=self.reply)
        self.other = make_comment(self.post, make_user(is_demo=True), same)
        self.elsewhere = make_post(self.author)
        make_question(self.elsewhere)
        self.foreign = make_comment(self.elsewhere, self.stranger)
        opening = Opening(after=50)
        seal_answer(self.elsewhere.question, author=self.author, stance_key="same", opening=opening)
        # PostgreSQL changes no table with pending checks of foreign keys.
        connection.check_constraints()

    def test_nothing_is_said_about_what_people_do(self) -> None:
        now = timezone.now()
        edits.edit_comment(self.deep, by=self.reader, body="Other words.", now=now)
        comments.delete_comment(self.reply)
        states.change_state(self.other, to=CommentState.REMOVED, removed_reason="spam")
        states.change_state(self.deep, to=CommentState.HELD, held_reason="links")
        states.change_state(self.deep, to=CommentState.PUBLISHED)
        stances.retag(self.root, self.stances["different"], now=now)
        comments.answer_question(
            reader=self.stranger, question=self.post.question, stance=None, now=now
        )
        newcomer = make_user()
        make_comment(self.post, newcomer)
        make_comment(self.post, self.author)
        User.objects.filter(pk=self.reader.pk).update(banned_at=now)
        stances.recount_reader(self.reader)
        self.assertEqual(list(faults()), [])
        said = StringIO()
        call_command("check_integrity", stdout=said)
        self.assertEqual(said.getvalue(), "No faults found.\n")

    def test_what_an_erasure_takes_is_missed_by_nobody(self) -> None:
        for minutes in (1, 60):
            edits.edit_comment(
                self.deep,
                by=self.reader,
                body=f"Other words after {minutes} minutes, and more of them than a slip has.",
                now=self.deep.created_at + timedelta(minutes=minutes),
            )
        erase(self.reader, delete_texts=False)
        self.assertEqual([row.number for row in self.deep.revisions.all()], [2])
        self.assertEqual(list(faults()), [])

    def test_every_planted_fault_is_found(self) -> None:
        for sentence, plant in self.planted().items():
            with self.subTest(sentence):
                found = self.faults_after(plant)
                self.assertTrue([line for line in found if sentence in str(line)], found)
        self.assertEqual(list(faults()), [])

    def test_a_fault_is_a_line_and_an_exit_code(self) -> None:
        Post.objects.filter(pk=self.post.pk).update(comment_count=9)
        said = StringIO()
        with self.assertRaisesMessage(CommandError, "1 fault found."):
            call_command("check_integrity", stdout=said)
        self.assertEqual(
            said.getvalue(), f"post {self.post.pk}: its comment_count is 9, counted are 4\n"
        )

    def test_ids_that_would_be_given_out_again_are_found(self) -> None:
        highest = Comment.objects.latest("pk").pk
        # PostgreSQL's sequences are not rolled back.
        self.addCleanup(give_ids_behind, highest)
        give_ids_behind(1)
        [line] = faults()
        self.assertIn("its id is above the last one the sequence gave out, 1", str(line))

    def faults_after(self, plant: Plant) -> list[Fault]:
        """Return the faults found with one planted, and take it out again."""
        with transaction.atomic():
            db_triggers.remove()
            plant()
            found = list(faults())
            transaction.set_rollback(True)
        return found

    def planted(self) -> dict[str, Plant]:
        """Return what is found to what has to be done to the data."""
        return {
            **self.misplaced(),
            **self.miscounted(),
            **self.broken_history(),
            **self.disagreeing(),
            **self.below_the_rows(),
            f"its file {'0' * 64}.png is missing": self.without_file,
        }

    def without_file(self) -> Picture:
        return Picture.objects.create(
            digest="0" * 64,
            kind=PictureKind.PNG,
            width=1,
            height=1,
            size=1,
            purpose=Purpose.LOGO,
            uploaded_by=self.author,
        )

    def misplaced(self) -> dict[str, Plant]:
        reply = Comment.objects.filter(pk=self.reply.pk)
        moved = paths.child(self.other.path, self.reply.pk)
        return {
            "is not that of its parent followed by its own id": lambda: reply.update(path=moved),
            "its depth is 2, by its path it is 1": lambda: reply.update(depth=2),
            f"it is under post {self.elsewhere.pk}, its parent": lambda: reply.update(
                post=self.elsewhere
            ),
            f"it is in thread {self.other.pk}, its parent": lambda: reply.update(thread=self.other),
            f"it is under post {self.elsewhere.pk}, its thread": lambda: reply.update(
                post=self.elsewhere
            ),
            "its thread was published at": lambda: reply.update(thread_published_at=timezone.now()),
            # A circle: the parent answers its own reply.
            f"comment {self.reply.pk}: its path": lambda: reply.update(parent=self.deep),
        }

    def miscounted(self) -> dict[str, Plant]:
        root = Comment.objects.filter(pk=self.root.pk)
        return {
            "its reply_count is 5, counted are 1": lambda: root.update(reply_count=5),
            "its thread_size is 5, counted are 2": lambda: root.update(thread_size=5),
            "its thread_size is 1, counted are 0": lambda: Comment.objects.filter(
                pk=self.deep.pk
            ).update(thread_size=1),
            f"comment {self.root.pk}: its arrival is None": lambda: root.update(arrival=None),
            f"comment {self.root.pk}: its arrival is 99": lambda: root.update(arrival=99),
            "its comment_count is 0, counted are 4": lambda: Post.objects.filter(
                pk=self.post.pk
            ).update(comment_count=0),
            "its discussion is closed since 2": lambda: Post.objects.filter(pk=self.post.pk).update(
                closed_at=timezone.now(), closed_reason="finished"
            ),
            "its answer_count is 7, counted are 1": lambda: Stance.objects.filter(
                pk=self.stances["same"].pk
            ).update(answer_count=7),
            "it is not shown, but it or one of its replies is readable": lambda: root.update(
                is_shown=False
            ),
            "it is shown, but neither it nor any of its replies is readable": lambda: (
                Comment.objects.filter(pk=self.deep.pk).update(
                    state=CommentState.HELD, held_reason="links"
                )
            ),
            "it is shown in a thread that was never published": lambda: Comment.objects.filter(
                thread=self.root
            ).update(thread_published_at=None),
        }

    def broken_history(self) -> dict[str, Plant]:
        mine = StanceRecord.objects.filter(reader=self.reader)
        first, second = mine.order_by("pk")
        theirs = StanceRecord.objects.filter(
            reader=self.stranger, question=self.post.question
        ).get()
        current = CurrentStance.objects.filter(reader=self.reader)
        return {
            f"it supersedes {theirs.pk}, of another reader": lambda: mine.filter(
                pk=second.pk
            ).update(supersedes=theirs),
            f"record {first.pk} has been superseded": lambda: current.update(record=first),
            f"it is not what record {second.pk} says": lambda: current.update(
                stance=self.stances["different"]
            ),
            "but has no current stance": lambda: current.delete(),
        }

    def disagreeing(self) -> dict[str, Plant]:
        foreign = stances_by_key(self.elsewhere)["same"]
        sealed = SealedAnswer.objects.filter(author=self.author)
        root = Comment.objects.filter(pk=self.root.pk)
        record = StanceRecord.objects.filter(reader=self.stranger, question=self.post.question)
        return {
            "its stance answers the question of another post": lambda: root.update(stance=foreign),
            "its wording is of another question than its stance": lambda: root.update(
                question_version=self.elsewhere.question.version
            ),
            "its stance is of another question": lambda: record.update(stance=foreign),
            "its wording is of another question": lambda: record.update(
                version=self.elsewhere.question.version
            ),
            "its stance or its wording is of another": lambda: sealed.update(
                stance=self.stances["same"]
            ),
            "it is open, but user": lambda: sealed.update(opened_at=timezone.now()),
            "its comment is somebody else's": lambda: record.update(comment=self.root),
            "its comment is under another post": lambda: record.update(comment=self.foreign),
            "its newest_revision is of another post": lambda: Post.objects.filter(
                pk=self.post.pk
            ).update(newest_revision=self.elsewhere.newest_revision),
            "its reading time is stored as 99 minutes": lambda: Revision.objects.filter(
                post=self.post
            ).update(minutes=99),
            "numbers are missing among its revisions": lambda: CommentRevision.objects.create(
                comment=self.root,
                number=3,
                markup_version=1,
                written_at=self.root.created_at,
                replaced_by=self.reader,
                is_public=False,
            ),
            "its words differ from its question's current wording": lambda: (
                StanceWording.objects.filter(stance=self.stances["same"]).update(word="Alike")
            ),
            f"comment {self.foreign.pk} is not under its post": lambda: SavedItem.objects.create(
                reader=self.reader,
                kind=SavedKind.COMMENT,
                target_id=self.foreign.pk,
                post=self.post,
            ),
            "the look-alike key of the handle robin": lambda: User.objects.filter(
                pk=self.reader.pk
            ).update(handle_skeleton="nobody"),
        }

    def test_a_constraint_that_the_database_lacks_is_named(self) -> None:
        nowhere = CheckConstraint(name="comment_nowhere", condition=Q(depth__gte=0))
        with patch.object(Comment._meta, "constraints", [*Comment._meta.constraints, nowhere]):
            (fault,) = missing_constraints()
        self.assertIn("comments_comment: comment_nowhere is missing", str(fault))

    def below_the_rows(self) -> dict[str, Plant]:
        return {"comment_branch is missing": lambda: run_sql("DROP INDEX comment_branch")}


def run_sql(statement: str) -> None:
    """Send `statement` to the database as it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
