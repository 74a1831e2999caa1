"""Test that answers which count without an approval are found, and mended in batches."""

from io import StringIO
from unittest.mock import patch

from django.core.management import CommandError, call_command

from comments.actions import stances
from comments.integrity import faults
from comments.management.commands import check_integrity
from comments.models import Comment, CurrentStance, StanceRecord, StanceSource
from comments.moderation import actions
from posts.models import Stance
from tests.cast import Cast
from tests.factories import make_comment, make_user


class UnapprovedAnswerTests(Cast):
    """Totals as an earlier version of the site left them."""

    def approved(self, handle: str, *keys: str) -> list[Comment]:
        """Return comments of a new person with the answers `keys`, approved in this order."""
        person = make_user(handle)
        written = [make_comment(self.post, person, self.stances[key]) for key in keys]
        for comment in written:
            actions.approve(comment, by=self.moderator)
        return written

    def held_as_before(self, comment: Comment) -> None:
        """Undo the approval of `comment`, and let its answer count as it used to."""
        with patch.object(stances, "follow_hold"):
            actions.reopen(comment, by=self.moderator)

    def recorded_as_before(self, comment: Comment) -> None:
        """Record the answer of `comment` again, as if it had been approved after a later one."""
        stances.record(
            reader=comment.author,
            question=self.post.question,
            version=self.post.question.version,  # type: ignore[arg-type]
            stance=comment.stance,
            source=StanceSource.COMMENT,
            comment=comment,
        )

    def repair(self) -> str:
        out = StringIO()
        call_command("check_integrity", "--repair", "--yes", stdout=out)
        return out.getvalue()

    def totals(self) -> dict[str, int]:
        return dict(Stance.objects.values_list("key", "answer_count"))

    def test_each_is_found_mended_and_counted(self) -> None:
        for name in ("nora", "nils", "nino"):
            [comment] = self.approved(name, "different")
            self.held_as_before(comment)
        [first, _second] = self.approved("olga", "same", "overlap")
        self.recorded_as_before(first)
        self.approved("pia", "same", "overlap")
        assert self.totals() == {"different": 3, "same": 1, "overlap": 1}
        found = [str(fault) for fault in faults()]
        assert len(found) == 4, found
        self.enterContext(patch.object(check_integrity, "BATCH", 2))
        records = StanceRecord.objects.count()
        said = self.repair()
        assert "Round 1: 4 faults repaired." in said
        assert said.count("their answer to question") == 4
        assert self.totals() == {"different": 0, "same": 0, "overlap": 2}
        assert StanceRecord.objects.count() == records + 4
        assert not list(faults())
        assert "repaired" not in self.repair()

    def test_a_run_that_was_stopped_goes_on(self) -> None:
        for name in ("nora", "nils"):
            [comment] = self.approved(name, "different")
            self.held_as_before(comment)
        [fault, _other] = faults()
        assert fault.repair
        list(fault.repair.do([fault.key]))
        assert self.totals()["different"] == 1
        assert "1 fault repaired" in self.repair()

    def test_it_is_only_told_of_without_asking_for_more(self) -> None:
        [comment] = self.approved("nora", "different")
        self.held_as_before(comment)
        with self.assertRaisesMessage(CommandError, "1 fault found."):
            call_command("check_integrity", stdout=StringIO())
        assert self.totals()["different"] == 1

    def test_what_is_right_is_no_fault(self) -> None:
        """Answers without comments, changed answers, re-tags, and what was held and approved."""
        first, second = self.approved("olga", "same", "overlap")
        actions.retag(first, by=self.moderator, stance=self.stances["different"])
        actions.retag(second, by=self.moderator, stance=self.stances["same"])
        [third] = self.approved("pia", "same")
        actions.reopen(third, by=self.moderator)
        stances.record(
            reader=third.author,
            question=self.post.question,
            version=self.post.question.version,  # type: ignore[arg-type]
            stance=self.stances["overlap"],
            source=StanceSource.BARE,
        )
        actions.approve(third, by=self.moderator)
        assert [str(fault) for fault in faults()] == []
        current = CurrentStance.objects.get(reader=third.author)
        assert current.stance == self.stances["overlap"]
