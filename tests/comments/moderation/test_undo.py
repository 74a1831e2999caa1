"""Test that undoing a decision leaves everything as it was before the decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from unittest.mock import patch

from django.db import transaction
from django.urls import reverse

from accounts.models import Suspension, User
from comments.actions import branches, changes_of_mind, states
from comments.actions.changes_of_mind import Credit
from comments.actions.premoderation import left_to_approve
from comments.models import ChangeKind, ChangeOfMind, Comment, CommentState, CurrentStance
from comments.models.moderation import Action, Decision, EndReason, Flag, SentenceToReaders
from comments.moderation import actions, cases, sentences
from comments.moderation.actions import branches as removals
from comments.moderation.actions.people import next_suspension_days
from comments.moderation.queue import Kind, waiting
from core.jobs.worker import JobWorker
from notifications.models import Notification
from posts.models import Post, QuestionVersion, Stance
from tests.factories import make_comment
from tests.reauthenticated import client_of

from .cases import Moderated

SPAM = {"reason": "spam"}
BRANCH = {**SPAM, "with_replies": "on"}
OTHER = {"reason": "other_thread", "to_readers": "We read what was said and go on tomorrow."}
WEEK = {"length": "7", "reason": "harassing"}
BAN = {"length": "ban", "reason": "advertising"}

# What a decision and its undo may change: that a comment was public for a while, and that readers
# who come back have not seen it since.
_PASSING = {"published_at", "thread_published_at", "arrival"}


@dataclass(frozen=True)
class Case:
    """A decision, sent to a route: what it is about, the form, and the state it begins from."""

    action: Action
    route: str
    about: str
    data: Mapping[str, str] = field(default_factory=dict)
    before: Callable[["UndoTests"], Any] = lambda _test: None


def _suspend(days: int | None) -> Callable[["UndoTests"], Any]:
    return lambda test: actions.suspend(test.reader, by=test.admin, days=days, reason="harassing")


def _hide(name: str) -> Callable[["UndoTests"], Any]:
    return lambda test: states.change_state(getattr(test, name), to=CommentState.HIDDEN)


def _answer_elsewhere(test: "UndoTests") -> None:
    """The newcomer had another answer before the held comment."""
    first = make_comment(test.post, test.newcomer, test.stances["same"])
    actions.approve(first, by=test.admin)


def _reword(test: "UndoTests") -> None:
    """The question has another wording since the comment was written."""
    question = test.post.question
    version = QuestionVersion.objects.create(question=question, number=2, text="Said anew?")
    for stance in question.stances.all():
        version.wordings.create(stance=stance, word=stance.word)
    question.version = version
    question.save(update_fields=["version"])


CASES = [
    Case(Action.APPROVE, "approval", "held"),
    Case(Action.APPROVE, "approval", "held", before=_answer_elsewhere),
    Case(Action.APPROVE, "approval", "flagged", before=_hide("flagged")),
    Case(Action.REMOVE, "removal", "held", SPAM),
    Case(Action.REMOVE, "removal", "quiet", SPAM),
    Case(Action.REMOVE, "removal", "flagged", SPAM),
    Case(Action.REMOVE, "removal", "flagged", SPAM, before=_hide("flagged")),
    Case(Action.REMOVE_BRANCH, "removal", "quiet", BRANCH),
    Case(Action.REMOVE_BRANCH, "removal", "quiet", BRANCH, before=_hide("flagged")),
    Case(Action.DISMISS, "dismissal", "flagged"),
    Case(Action.RETAG, "retag", "flagged", {"stance": "same"}),
    Case(Action.RETAG, "retag", "flagged", {"stance": "same"}, before=_reword),
    Case(Action.RETAG, "retag", "held", {"stance": "same"}),
    Case(Action.LOCK, "lock", "flagged", {"reason": "heated"}),
    Case(Action.LOCK, "lock", "flagged", OTHER),
    Case(Action.CLOSE, "discussion-close", "post", {"reason": "finished"}),
    Case(Action.CLOSE, "discussion-close", "post", OTHER),
    Case(Action.REMOVE_CHANGE, "change-removal", "change", SPAM),
    Case(Action.SUSPEND, "suspension", "person", WEEK),
    Case(Action.SUSPEND, "suspension", "person", WEEK, before=_suspend(30)),
    Case(Action.SUSPEND, "suspension", "person", WEEK, before=_suspend(None)),
    Case(Action.BAN, "suspension", "person", BAN),
    Case(Action.BAN, "suspension", "person", BAN, before=_suspend(3)),
]


class UndoTests(Moderated):
    """Every decision that can be undone, each undone by the form that the desk or page offers."""

    change: ClassVar[ChangeOfMind]

    @classmethod
    def setUpTestData(cls) -> None:
        """Report a comment three times, and put more that waits below and beside it."""
        super().setUpTestData()
        for reporter in (cls.author, cls.other_author):
            Flag.objects.create(comment=cls.flagged, reporter=reporter, reason="spam")
        make_comment(cls.post, cls.newcomer, cls.stances["same"], parent=cls.flagged)
        reply = make_comment(cls.post, cls.stranger, cls.stances["same"], parent=cls.flagged)
        Flag.objects.create(comment=reply, reporter=cls.reader, reason="attack")
        credit = Credit(
            giver=cls.stranger,
            post=cls.post,
            kind=ChangeKind.MOVED,
            words="I had not thought of who hands out the keys, and to whom they go.",
            was=cls.stances["same"],
            to=cls.stances["overlap"],
            comment=cls.quiet,
        )
        cls.change = changes_of_mind.give(credit)

    def setUp(self) -> None:
        self.client = client_of(self.admin)
        self.person = self.reader.handle

    def stored(self) -> dict[str, Any]:
        """Return the rows that a decision may change, the order of the desk, and what counts."""
        columns = [each.attname for each in Comment._meta.concrete_fields]
        models: dict[str, Any] = {
            "comments": Comment.objects.values(*(set(columns) - _PASSING)),
            "flags": Flag.objects.values(),
            "changes": ChangeOfMind.objects.values(),
            "answers": CurrentStance.objects.filter(stance__isnull=False).values(
                "reader", "question", "stance"
            ),
            "totals": Stance.objects.values("id", "answer_count"),
            "people": User.objects.values("id", "suspended_until", "banned_at", "admission"),
            "suspensions": Suspension.objects.values(),
            "posts": Post.objects.values("id", "closed_at", "closed_reason", "comment_count"),
        }
        found: dict[str, Any] = {name: list(rows.order_by("pk")) for name, rows in models.items()}
        for kind in Kind:
            rows: Any = waiting(self.admin, kind)
            found[f"desk: {kind}"] = list(rows.values_list("pk", "waiting_since"))
        found["newcomer"] = left_to_approve(self.newcomer)
        found["next suspension"] = next_suspension_days(self.reader)
        found["facts"] = cases.facts_about(self.reader)
        return found

    def decide(self, case: Case) -> Decision:
        about = getattr(self, case.about)
        about = about.slug if isinstance(about, Post) else getattr(about, "pk", about)
        response = self.client.post(reverse(f"comments:{case.route}", args=[about]), case.data)
        assert response.status_code == 302, response.text
        decision = Decision.objects.whole().first()
        assert decision is not None
        assert decision.action == case.action
        return decision

    def undo(self, decision: Decision) -> None:
        assert self.press_undo(decision).status_code == 302
        if decision.action == Action.REMOVE_BRANCH:
            while JobWorker().turn():
                pass

    def press_undo(self, decision: Decision) -> Any:
        form = cases.with_undo(decision)
        assert form.url is not None
        return self.client.post(form.url, form.fields)

    def each(self, do: Callable[[Case], None]) -> None:
        for number, case in enumerate(CASES):
            with self.subTest(number=number, action=case.action), transaction.atomic():
                case.before(self)
                do(case)
                transaction.set_rollback(True)

    def test_every_decision_that_can_be_undone_is_here(self) -> None:
        assert {case.action for case in CASES} == set(cases._UNDO_VIEWS)

    def test_everything_is_as_before(self) -> None:
        """Also when the form is sent twice, as by a double press."""
        self.maxDiff = None

        def check(case: Case) -> None:
            before = self.stored()
            decision = self.decide(case)
            self.undo(decision)
            after = self.stored()
            for name, rows in before.items():
                self.assertEqual(after[name], rows, name)
            count = Decision.objects.count()
            self.undo(decision)
            assert Decision.objects.count() == count
            assert self.stored() == before

        self.each(check)

    def test_it_ends_no_later_decision_of_somebody_else(self) -> None:
        """Another moderator has reversed the decision since, and decided the same anew."""
        others = client_of(self.moderator)

        def check(case: Case) -> None:
            decision = self.decide(case)
            own, self.client = self.client, others
            self.undo(decision)
            self.decide(case)
            self.client = own
            before, count = self.stored(), Decision.objects.count()
            response = self.press_undo(decision)
            self.assertContains(response, "You have changed nothing.", status_code=409)
            assert (self.stored(), Decision.objects.count()) == (before, count)

        self.each(check)

    def test_a_large_branch_comes_back_with_its_reports(self) -> None:
        self.enterContext(patch.object(removals, "BATCH", 1))
        self.enterContext(patch.object(branches, "BATCH", 1))
        self.enterContext(patch.object(branches, "PAUSE", 0))
        before = self.stored()
        decision = self.decide(Case(Action.REMOVE_BRANCH, "removal", "quiet", BRANCH))
        while JobWorker().turn():
            pass
        assert not Flag.objects.open().exists()
        self.undo(decision)
        self.assertEqual(self.stored(), before)

    def test_a_report_made_again_since_does_not_stand_twice(self) -> None:
        decision = self.decide(Case(Action.DISMISS, "dismissal", "flagged"))
        Flag.objects.create(comment=self.flagged, reporter=self.stranger, reason="hate")
        self.undo(decision)
        open_flags = Flag.objects.open().filter(comment=self.flagged)
        assert open_flags.count() == 3
        assert open_flags.get(reporter=self.stranger).reason == "hate"


class UndoneSentenceTests(Moderated):
    """An undo names no reason that nobody gave; another reason is said in the sentence given."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def undone(self, route: str, about: Any, data: Mapping[str, str]) -> str:
        self.send(route, about, data)
        decision = Decision.objects.first()
        assert decision is not None
        form = cases.with_undo(decision)
        self.client.post(str(form.url), form.fields)
        last = Decision.objects.first()
        assert last is not None
        assert last.reason == EndReason.UNDONE
        return sentences.decided(last)

    def test_it_says_that_it_was_undone(self) -> None:
        post, robin = self.post.slug, self.reader.handle
        for said, route, about, data in (
            ("june undid the lock of this thread just now.", "lock", self.quiet, OTHER),
            (
                "june undid the closing of this discussion just now.",
                "discussion-close",
                post,
                OTHER,
            ),
            ("june undid the suspension of this person just now.", "suspension", robin, WEEK),
        ):
            assert self.undone(route, about, data) == said

    def test_nobody_else_gives_that_reason(self) -> None:
        """It is offered nowhere, and refused to a form that does not name what it undoes."""
        actions.lock(self.quiet, by=self.moderator, reason="heated")
        page = self.get("lock", self.quiet.pk)
        self.assertContains(page, "it was a mistake")
        self.assertNotContains(page, "it was undone")
        assert self.send("unlock", self.quiet, {"reason": "undone"}).status_code == 422
        assert Decision.objects.count() == 1

    def test_a_sentence_of_ones_own_is_said_in_place_of_another_reason(self) -> None:
        said = OTHER["to_readers"]
        for route, about, begins in (
            ("lock", self.quiet.pk, "june locked this thread"),
            ("discussion-close", self.post.slug, "june closed this discussion"),
        ):
            url = reverse(f"comments:{route}", args=[about])
            page = self.client.post(url, OTHER, follow=True)
            self.assertContains(page, f"{begins} just now. The reason: “{said}”")
            self.assertNotContains(page, "for another reason just now")
            page = self.client.get(url)
            self.assertContains(page, said, count=1)
            self.assertNotContains(page, "because it needs a pause for another reason")
        assert SentenceToReaders.objects.count() == 2

    def test_the_person_reads_what_holds_after_an_undo(self) -> None:
        actions.suspend(self.reader, by=self.admin, days=30, reason="harassing")
        with self.captureOnCommitCallbacks(execute=True):
            self.undone("suspension", self.reader.handle, WEEK)
        assert Notification.objects.filter(recipient=self.reader, kind="suspension_ended").exists()
        self.sign_in(self.reader)
        page = self.client.get(reverse("comments:me"))
        self.assertContains(page, "A moderator undid the last decision about your suspension.")
        self.assertNotContains(page, "you can write again")
