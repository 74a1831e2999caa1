"""Test decisions: approve, remove, restore, dismiss, lock, change a stance."""

from hashlib import sha256
from typing import Any

from django.db import DatabaseError, transaction
from django.urls import reverse

from comments.actions.comments import delete_comment
from comments.actions.edits import edit_comment
from comments.models import Comment, CurrentStance, StanceRecord, StanceSource
from comments.models.moderation import Decision, DecisionNote, Flag
from comments.moderation import actions
from notifications.models import Notification
from tests.factories import make_comment

from .cases import HTMX, Moderated

ON_DESK = {"desk": "1"}
HEATED = {"reason": "heated"}
SETTLED = {"reason": "settled"}
ALL = (
    "approval",
    "approval-undo",
    "removal",
    "restoration",
    "dismissal",
    "dismissal-undo",
    "retag",
    "lock",
    "unlock",
)


class DecisionPermissionTests(Moderated):
    """Only moderators, and not on their own comments."""

    def statuses(self, comment: Comment) -> dict[str, int]:
        before = list(Comment.objects.order_by("pk").values_list("state", "locked_at"))
        found = {name: self.send(name, comment, {"reason": "spam"}).status_code for name in ALL}
        assert list(Comment.objects.order_by("pk").values_list("state", "locked_at")) == before
        assert not Decision.objects.exists()
        return found

    def test_visitors_sign_in_first(self) -> None:
        assert set(self.statuses(self.flagged).values()) == {302}

    def test_readers_are_refused_and_do_not_see_the_queue(self) -> None:
        for person in (self.stranger, self.other_author):
            self.sign_in(person)
            found = self.statuses(self.flagged)
            assert found.pop("dismissal") == found.pop("dismissal-undo") == 404
            assert set(found.values()) == {403}

    def test_suspended_people_are_refused(self) -> None:
        self.sign_in(self.suspended)
        assert set(self.statuses(self.flagged).values()) <= {403, 404}

    def test_what_readers_cannot_see_is_not_found(self) -> None:
        self.sign_in(self.stranger)
        assert set(self.statuses(self.held).values()) == {404}

    def test_an_unknown_comment_is_not_found(self) -> None:
        self.sign_in(self.moderator)
        for name in ALL:
            assert self.send(name, 987654321).status_code == 404

    def test_moderators_do_not_judge_their_own(self) -> None:
        own = make_comment(self.post, self.moderator)
        self.sign_in(self.moderator)
        for name in ALL[:-2]:
            assert self.send(name, own, {"reason": "spam"}).status_code == 403

    def test_a_suspended_moderator_decides_nothing(self) -> None:
        self.moderator.suspended_until = self.suspended.suspended_until
        self.moderator.save(update_fields=["suspended_until"])
        self.sign_in(self.moderator)
        assert set(self.statuses(self.flagged).values()) == {403}

    def test_authors_of_the_article_lock_its_threads(self) -> None:
        self.sign_in(self.author)
        assert self.send("lock", self.flagged, HEATED).status_code == 302
        assert self.send("removal", self.flagged, {"reason": "spam"}).status_code == 403
        assert [row.action for row in self.decisions(by=self.author)] == ["lock"]

    def test_reading_changes_nothing(self) -> None:
        self.sign_in(self.moderator)
        for name in ALL:
            page = self.get(name, self.held.pk)
            assert page.status_code == (200 if name in {"removal", "lock"} else 405)
        assert not Decision.objects.exists()


class DecisionTests(Moderated):
    """Every decision has its effect and writes one row."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def seen(self, comment: Comment) -> str:
        return str(self.get("moderation-case", comment.pk).context["case"].seen)

    def test_approving_publishes_and_records_the_stance(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            page = self.send("approval", self.held, ON_DESK)
        self.held.refresh_from_db()
        assert self.held.is_readable
        record = StanceRecord.objects.get(reader=self.newcomer)
        assert record.stance == self.stances["overlap"]
        assert page.status_code == 302
        assert page["Location"] == reverse("comments:moderation-case", args=[self.flagged.pk])

    def test_the_log_row_holds_codes_states_and_a_hash(self) -> None:
        self.send("approval", self.held)
        (row,) = self.decisions()
        assert (row.action, row.by, row.comment) == ("approve", self.moderator, self.held)
        assert (row.state_before, row.state_after, row.reason) == ("held", "published", "")
        assert row.body_sha256 == sha256(self.held.body.encode()).hexdigest()

    def test_removing_says_why_and_closes_the_flags(self) -> None:
        data = {"reason": "attack", "note": "Please argue with the words."}
        assert self.send("removal", self.flagged, data).status_code == 302
        self.flagged.refresh_from_db()
        (row,) = self.decisions()
        assert (self.flagged.state, self.flagged.removed_reason) == ("removed", "attack")
        assert (row.reason, row.note.text) == ("attack", "Please argue with the words.")
        assert Flag.objects.get().decision == row

    def test_a_removal_takes_no_ones_stance_away(self) -> None:
        self.send("removal", self.flagged, {"reason": "attack"})
        assert CurrentStance.objects.get(reader=self.reader).stance == self.stances["different"]

    def test_a_removal_needs_a_reason(self) -> None:
        for data in ({}, {"reason": ""}, {"reason": "nonsense"}, {"reason": "other"}):
            page = self.send("removal", self.flagged, {**data, "note": "", **ON_DESK})
            assert page.status_code == 422
            self.assertContains(page, "field__error", status_code=422)
        assert not Decision.objects.exists()

    def test_what_was_typed_comes_back(self) -> None:
        page = self.send("removal", self.flagged, {"note": "A long word of mine."})
        self.assertContains(page, "A long word of mine.", status_code=422)
        too_long = self.send("removal", self.flagged, {"reason": "spam", "note": "x" * 1001})
        assert too_long.status_code == 422
        null = {"reason": "spam", "note": "null \0 byte"}
        assert self.send("removal", self.flagged, null).status_code == 422
        assert not DecisionNote.objects.exists()

    def test_restoring_puts_it_back_where_it_was(self) -> None:
        for comment, state in ((self.flagged, "published"), (self.held, "held")):
            self.send("removal", comment, {"reason": "spam"})
            self.send("restoration", comment)
            comment.refresh_from_db()
            assert (comment.state, comment.removed_reason) == (state, "")
            assert self.decisions(comment=comment)[-1].state_after == state

    def test_dismissing_leaves_it_up(self) -> None:
        self.send("dismissal", self.flagged)
        self.flagged.refresh_from_db()
        assert self.flagged.is_readable
        assert Flag.objects.get().decision == self.decisions()[0]

    def test_locking_closes_the_thread_to_replies(self) -> None:
        self.send("lock", self.flagged, HEATED)
        assert Comment.objects.get(pk=self.quiet.pk).locked_at is not None
        self.send("unlock", self.flagged, SETTLED)
        assert Comment.objects.get(pk=self.quiet.pk).locked_at is None
        assert [(row.action, row.comment) for row in self.decisions()] == [
            ("lock", self.quiet),
            ("unlock", self.quiet),
        ]

    def test_a_new_stance_moves_the_reader_whose_source_it_was(self) -> None:
        self.send("retag", self.flagged, {"stance": "overlap"})
        self.flagged.refresh_from_db()
        assert self.flagged.stance == self.stances["overlap"]
        current = CurrentStance.objects.select_related("record").get(reader=self.reader)
        assert current.record.source == StanceSource.RETAG
        (row,) = self.decisions()
        assert (row.state_before, row.state_after) == ("different", "overlap")

    def test_a_stance_of_nowhere_is_refused(self) -> None:
        for key in ("", "nonsense"):
            assert self.send("retag", self.flagged, {"stance": key}).status_code == 422
        assert not Decision.objects.exists()

    def test_the_writer_of_the_parent_hears_of_an_approved_reply(self) -> None:
        reply = make_comment(self.post, self.newcomer, parent=self.quiet)
        assert reply.state == "held"
        with self.captureOnCommitCallbacks(execute=True):
            self.send("approval", reply)
        assert Notification.objects.filter(recipient=self.reader, subject_id=reply.pk).exists()


class RepeatedDecisionTests(Moderated):
    """A repeated decision succeeds and writes no row."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def test_every_decision_can_be_sent_twice(self) -> None:
        sends: list[tuple[str, Comment, dict[str, Any]]] = [
            ("approval", self.held, {}),
            ("dismissal", self.flagged, {}),
            ("dismissal-undo", self.flagged, {}),
            ("removal", self.flagged, {"reason": "spam"}),
            ("restoration", self.flagged, {}),
            ("lock", self.quiet, HEATED),
            ("unlock", self.quiet, SETTLED),
            ("retag", self.flagged, {"stance": "same"}),
        ]
        for name, comment, data in sends:
            case = self.get("moderation-case", comment.pk).context["case"]
            # A form that ends a decision names it; the others name the text that they show.
            ended = Decision.objects.order_by("pk").last()
            data = {**data, "seen": ended.pk if name == "unlock" and ended else case.seen}
            assert self.send(name, comment, data).status_code == 302, name
            rows = Decision.objects.count()
            assert self.send(name, comment, data).status_code == 302, name
            assert Decision.objects.count() == rows, name

    def test_undoing_an_approval_holds_it_again(self) -> None:
        self.send("approval", self.held)
        for _ in range(2):
            assert self.send("approval-undo", self.held).status_code == 302
        self.held.refresh_from_db()
        assert self.held.state == "held"
        assert [row.action for row in self.decisions()] == ["approve", "reopen"]
        sentence = "Held: one of the first comments by a new account"
        self.assertContains(self.get("moderation"), sentence)

    def test_undoing_a_dismissal_opens_the_flags_again(self) -> None:
        self.send("dismissal", self.flagged)
        self.send("dismissal-undo", self.flagged)
        assert Flag.objects.get().decision is None

    def test_what_is_long_decided_cannot_be_undone_as_a_slip(self) -> None:
        self.send("removal", self.flagged, {"reason": "spam"})
        assert self.send("dismissal-undo", self.flagged).status_code == 409


class TwoModeratorsTests(Moderated):
    """The second moderator sees the first one's decision."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def seen(self, comment: Comment) -> str:
        return str(self.get("moderation-case", comment.pk).context["case"].seen)

    def test_after_a_removal_nobody_approves(self) -> None:
        seen = self.seen(self.held)
        actions.remove(self.held, by=self.admin, reason="spam")
        page = self.send("approval", self.held, {"seen": seen, **ON_DESK})
        self.assertContains(page, "ines removed this comment", status_code=409)
        self.held.refresh_from_db()
        assert self.held.state == "removed"

    def test_after_a_dismissal_a_removal_asks_again(self) -> None:
        seen = self.seen(self.flagged)
        actions.dismiss(self.flagged, by=self.admin)
        page = self.send("removal", self.flagged, {"reason": "spam", "seen": seen})
        self.assertContains(page, "its reports are dismissed", status_code=409)
        self.flagged.refresh_from_db()
        assert self.flagged.is_readable
        again = {"reason": "spam", "seen": self.seen(self.flagged)}
        assert self.send("removal", self.flagged, again).status_code == 302

    def test_a_second_removal_tells_of_the_first(self) -> None:
        actions.remove(self.flagged, by=self.admin, reason="attack")
        page = self.send("removal", self.flagged, {"reason": "spam"})
        self.assertContains(page, "because it attacks a person", status_code=409)
        assert Decision.objects.count() == 1

    def test_a_second_approval_is_a_success_that_tells_of_the_first(self) -> None:
        actions.approve(self.held, by=self.admin)
        page = self.client.post(
            reverse("comments:approval", args=[self.held.pk]), ON_DESK, follow=True
        )
        self.assertContains(page, "ines approved this comment")
        assert Decision.objects.count() == 1

    def test_nobody_decides_about_words_they_have_not_seen(self) -> None:
        seen = self.seen(self.flagged)
        edit_comment(self.flagged, by=self.reader, body="You dear friend, you.")
        page = self.send("removal", self.flagged, {"reason": "spam", "seen": seen})
        self.assertContains(page, "changed this text while you were reading", status_code=409)

    def test_nothing_is_left_to_decide_about_a_deleted_one(self) -> None:
        delete_comment(self.held)
        page = self.send("approval", self.held)
        self.assertContains(page, "has deleted this comment", status_code=409)


class DeskNavigationTests(Moderated):
    """From case to case, with a link to undo; the same with htmx and without scripts."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def test_without_scripts_the_next_case_comes(self) -> None:
        data = {"desk": "1", "queue": "held", "next": self.flagged.pk}
        page = self.client.post(
            reverse("comments:approval", args=[self.held.pk]), data, follow=True
        )
        assert page.redirect_chain == [(f"{reverse('comments:moderation')}?queue=held", 302)]
        self.assertContains(page, reverse("comments:approval-undo", args=[self.held.pk]))
        self.assertContains(page, "june approved this comment")
        self.assertContains(page, f"Look at the comment by <bdi>{self.held.author.display_name}")

    def test_htmx_gets_the_desk_with_the_next_case(self) -> None:
        part = self.send("approval", self.held, {"desk": "1", "next": self.flagged.pk}, **HTMX)
        assert part.status_code == 200
        self.assertNotContains(part, "<html")
        assert part.context["case"].comment == self.flagged
        assert part["HX-Push-Url"] == reverse("comments:moderation-case", args=[self.flagged.pk])

    def test_the_way_back_leads_to_the_case(self) -> None:
        self.send("removal", self.flagged, {"reason": "spam", **ON_DESK})
        undo = self.get("moderation").context["lately"]
        page = self.client.post(undo.url, {"desk": "1", "next": self.flagged.pk, **undo.fields})
        assert page["Location"] == reverse("comments:moderation-case", args=[self.flagged.pk])
        self.flagged.refresh_from_db()
        assert self.flagged.is_readable

    def test_the_way_back_from_a_stance_is_the_old_one(self) -> None:
        self.send("retag", self.flagged, {"stance": "same"})
        undo = self.get("moderation").context["lately"]
        self.client.post(undo.url, undo.fields)
        self.flagged.refresh_from_db()
        assert self.flagged.stance == self.stances["different"]

    def test_the_way_back_is_offered_to_who_decided_alone(self) -> None:
        self.send("approval", self.held)
        self.sign_in(self.admin)
        assert self.get("moderation").context["lately"] is None

    def test_elsewhere_one_comes_back_to_the_comment(self) -> None:
        page = self.send("removal", self.flagged, {"reason": "spam"})
        assert page["Location"] == self.flagged.get_absolute_url()
        part = self.send("restoration", self.flagged, **HTMX)
        assert part["HX-Redirect"] == self.flagged.get_absolute_url()

    def test_the_form_to_remove_has_a_page_of_its_own(self) -> None:
        page = self.get("removal", self.flagged.pk)
        self.assertContains(page, '<details name="acts" open>')


class AppendOnlyLogTests(Moderated):
    """The database refuses to change or delete a decision."""

    def test_rows_cannot_be_changed_or_deleted(self) -> None:
        actions.approve(self.held, by=self.moderator)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Decision.objects.update(reason="spam")
        with self.assertRaises(DatabaseError), transaction.atomic():
            Decision.objects.all().delete()
        assert Decision.objects.count() == 1

    def test_a_decision_that_fails_leaves_no_row(self) -> None:
        rows = Decision.objects.count()
        with self.assertRaises(DatabaseError), transaction.atomic():
            actions.remove(self.flagged, by=self.moderator, reason="")
        assert Decision.objects.count() == rows
        self.flagged.refresh_from_db()
        assert self.flagged.is_readable
