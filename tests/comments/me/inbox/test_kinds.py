"""Test every kind of notification by its event: who is told, in which words, and where it leads."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from comments.actions import changes_of_mind, edits, steelmen
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import Draft, post_comment
from comments.actions.sealed_answers import open_due
from comments.closings.notifying import ask_readers
from comments.me import erasure
from comments.me.inbox import page as _loaders  # noqa: F401  (it registers what loads each kind)
from comments.models import ChangeKind, Closing, Comment
from comments.models.moderation import Flag
from comments.moderation import actions
from comments.moderation.actions.people import lift_suspension
from notifications import kinds
from notifications.models import Notification
from tests.cast import Cast
from tests.comments.closings.cases import WORDS, ClosingCase
from tests.factories import make_comment, make_user
from tests.reauthenticated import client_of

NOTE = "So that you know."


class Told(Cast):
    """Assertions about what a person is told."""

    def kinds(self, person: User) -> list[str]:
        rows = Notification.objects.filter(recipient=person).order_by("pk")
        return list(rows.values_list("kind", flat=True))

    def assert_told(self, person: User, kind: str, *words: str, url: str = "") -> None:
        """Assert that the inbox of `person` has one row of `kind`, with `words` and `url`."""
        self.assertEqual(self.kinds(person).count(kind), 1, self.kinds(person))
        client = client_of(person)
        page = client.get(reverse("comments:me"))
        shown = [
            row
            for gathered in page.context["inbox"].unread
            for row in gathered.rows
            if row.kind.name == kind
        ]
        self.assertEqual(len(shown), 1)
        for each in words:
            self.assertContains(page, each)
        leads_to = shown[0].content.url
        self.assertIn(url, leads_to)
        # The page in place of a removed comment says that it is gone.
        self.assertIn(client.get(leads_to, follow=True).status_code, {200, 410}, leads_to)


class DecisionTests(Told):
    """What moderators decide about a comment and about a person."""

    def test_a_held_comment_is_approved_held_again_and_approved(self) -> None:
        comment = make_comment(self.post, self.newcomer, body="My first words.")
        self.assertEqual(self.kinds(self.newcomer), [])
        actions.approve(comment, by=self.moderator)
        self.assert_told(
            self.newcomer,
            "approved",
            "A moderator approved your comment",
            "My first words.",
            url=f"/comments/{comment.pk}/",
        )
        actions.reopen(comment, by=self.moderator)
        self.assert_told(self.newcomer, "held_again", "look at your comment again")
        self.assertEqual(self.kinds(self.newcomer), ["held_again"])

    def test_a_comment_is_removed_restored_retagged_and_moved(self) -> None:
        above = make_comment(self.post, self.stranger)
        comment = make_comment(self.post, self.reader, self.stances["same"], above)
        actions.remove(comment, by=self.moderator, reason="spam", note=NOTE)
        self.assert_told(
            self.reader,
            "removed",
            "because it is spam",
            NOTE,
            comment.body,
            url=f"/comments/{comment.pk}/",
        )
        actions.restore(comment, by=self.moderator)
        self.assert_told(self.reader, "restored", "everybody can read it again")
        actions.retag(comment, by=self.moderator, stance=self.stances["overlap"])
        self.assert_told(self.reader, "retagged", "answer of your comment to Overlap")
        actions.detach(comment, by=self.moderator)
        self.assert_told(self.reader, "moved", "a thread of its own")
        self.assertEqual(self.kinds(self.reader), ["moved"])

    def test_what_a_branch_is_removed_with_is_told_too(self) -> None:
        top = make_comment(self.post, self.stranger)
        make_comment(self.post, self.reader, parent=top)
        actions.remove(top, by=self.moderator, reason="spam", with_replies=True)
        for person in (self.stranger, self.reader):
            self.assert_told(person, "removed")
        actions.restore(top, by=self.moderator)
        for person in (self.stranger, self.reader):
            self.assert_told(person, "restored")

    def test_a_held_comment_that_is_removed_waits_again_when_restored(self) -> None:
        comment = make_comment(self.post, self.newcomer)
        actions.remove(comment, by=self.moderator, reason="spam")
        actions.restore(comment, by=self.moderator)
        self.assert_told(self.newcomer, "restored", "waits for approval now")

    def test_nobody_is_told_of_flags(self) -> None:
        comment = make_comment(self.post, self.reader)
        Flag.objects.create(comment=comment, reporter=self.stranger, reason="spam")
        actions.dismiss(comment, by=self.moderator)
        actions.reopen(comment, by=self.moderator)
        actions.dismiss(comment, by=self.moderator)
        self.assertEqual(self.kinds(self.reader), [])

    def test_a_reply_by_somebody_suspended_meanwhile_tells_nobody(self) -> None:
        above = make_comment(self.post, self.reader)
        reply = make_comment(self.post, self.newcomer, parent=above)
        actions.suspend(self.newcomer, by=self.moderator, days=3, reason="attacks")
        actions.approve(reply, by=self.moderator)
        self.assertEqual(self.kinds(self.reader), [])

    def test_a_suspension_and_its_end(self) -> None:
        actions.suspend(self.reader, by=self.moderator, days=3, reason="attacks", note=NOTE)
        self.assert_told(
            self.reader, "suspended", "because you attacked people", NOTE, url="/rules/"
        )
        lift_suspension(self.reader, by=self.moderator, reason="mistake")
        self.assert_told(self.reader, "suspension_ended", "you can write again")
        self.assertEqual(self.kinds(self.reader), ["suspension_ended"])

    def test_a_role_and_a_hidden_name(self) -> None:
        double = make_user("kim-l-33", name="Kim Lee")
        person = make_user("kim.lee", name="Kim Lee")
        actions.grant_role(person, by=self.admin, role=Role.AUTHOR)
        self.assert_told(person, "role_granted", "a new role here: author", url="/studio/")
        self.assert_told(double, "name_hidden", "looks like that of an author", url="/me/handle/")


class ReaderTests(Told):
    """What other readers do."""

    def test_a_reply_is_told_to_the_writer_above_alone(self) -> None:
        above = make_comment(self.post, self.reader)
        reply = make_comment(self.post, self.stranger, parent=above, body="I say no.")
        url = f"/comments/{reply.pk}/"
        self.assert_told(
            self.reader, "reply", "<bdi>sam</bdi> replied to you", "I say no.", url=url
        )
        make_comment(self.post, self.reader, parent=above)
        self.assertEqual(Notification.objects.count(), 1)

    def test_a_reply_to_an_erased_account_tells_nobody(self) -> None:
        above = make_comment(self.post, self.reader)
        erasure.erase(self.reader, delete_texts=False)
        make_comment(self.post, self.stranger, parent=Comment.objects.get(pk=above.pk))
        self.assertEqual(Notification.objects.count(), 0)

    def test_a_mention_is_told_to_the_people_named_unless_a_reply_tells_them(self) -> None:
        above = make_comment(self.post, self.author)
        body = "I say no, @sam. You, @ada?"
        comment = make_comment(self.post, self.reader, parent=above, body=body)
        url = f"/comments/{comment.pk}/"
        words = ("<bdi>robin</bdi> mentioned you", "I say no, @sam.")
        self.assert_told(self.stranger, "mention", *words, url=url)
        self.assertEqual(self.kinds(self.author), ["reply"])
        self.assertEqual(self.kinds(self.reader), [])

    def test_a_credit_its_answers_and_what_moderators_decide(self) -> None:
        self.settle_at_once()
        for agrees, kind, words in (
            (
                True,
                "confirmed",
                "<bdi>sam</bdi>, whose comment changed your mind, says that you understood",
            ),
            (False, "disputed", "Duties, I meant."),
        ):
            with self.subTest(kind):
                change = self.credit()
                self.assertEqual(self.kinds(self.stranger)[-1], "credit")
                page = client_of(self.stranger).get(reverse("comments:me"))
                # It waits for an answer above the list, and is no row as well.
                self.assertContains(page, "Is that what you meant?", count=1)
                self.assertNotContains(page, f"#change-{change.pk}")
                changes_of_mind.answer(change, agrees=agrees, note="" if agrees else words)
                self.assert_told(self.reader, kind, words, url=f"#change-{change.pk}")
        self.assertEqual(self.kinds(self.stranger), ["credit", "credit"])
        page = client_of(self.stranger).get(reverse("comments:me"))
        self.assertContains(page, "Your comment changed how <bdi>robin</bdi> sees it", count=2)
        actions.remove_change(change, by=self.moderator, reason="spam", note=NOTE)
        self.assert_told(self.reader, "credit_removed", "because it is spam", NOTE)
        actions.restore_change(change, by=self.moderator)
        self.assert_told(self.reader, "credit_restored", "restored your change of mind")
        self.assertEqual(self.kinds(self.reader), ["confirmed", "credit_restored"])

    def test_an_answer_to_a_credit_says_whose_words_it_quotes(self) -> None:
        self.settle_at_once()
        for agrees in (True, False):
            with self.subTest(agrees=agrees):
                note = "" if agrees else "Duties, I meant."
                changes_of_mind.answer(self.credit(), agrees=agrees, note=note)
                page = client_of(self.reader).get(reverse("comments:me"))
                content = page.context["inbox"].unread[0].rows[0].content
                self.assertEqual(content.facts["is_own_quote"], agrees)
                self.assertEqual(content.quote, note or "I had never seen it so.")

    def credit(self) -> Any:
        """Return a change of mind of the reader that credits a new comment of the stranger."""
        if not self.reader.comments.exists():
            make_comment(self.post, self.reader, self.stances["same"])
        comment = make_comment(self.post, self.stranger, self.stances["different"])
        return changes_of_mind.give(
            Credit(
                giver=self.reader,
                post=self.post,
                kind=ChangeKind.SOFTENED,
                words="I had never seen it so.",
                was=self.stances["same"],
                comment=comment,
            )
        )

    def test_a_sealed_answer_opens(self) -> None:
        now = timezone.now()
        question = self.post.question
        assert question.version is not None
        question.sealed_answers.create(
            author=self.author,
            version=question.version,
            stance=self.stances["same"],
            sealed_at=now - timedelta(days=2),
            opens_at=now - timedelta(days=1),
        )
        open_due()
        open_due()
        self.assert_told(self.author, "unsealed", "Your sealed answer is open: Same")


class SummaryTests(ClosingCase, Told):
    """Closing summaries and best reasons."""

    def test_a_summary_cites_waits_changes_and_loses_a_verdict(self) -> None:
        cited, judge = self.comments["same"].author, self.people["different"][0]
        self.write()
        closing = Closing.objects.get()
        self.assert_told(cited, "cited", "<bdi>ada</bdi> quotes you", url=self.url)
        for _twice in range(2):
            ask_readers.call(closing.pk)
        self.assert_told(judge, "closing_waits", "Is it fair to your answer?", url=self.url)
        self.assertEqual(self.kinds(cited), ["cited"])
        # Too few answer Overlap, so the summary does not wait for them.
        self.assertEqual(self.kinds(self.people["overlap"][0]), [])
        self.assertEqual(self.kinds(self.author), [])
        self.judge(judge)
        # They have said so, and nothing asks them any more, not even the job if it runs again.
        ask_readers.call(closing.pk)
        self.assertEqual(self.kinds(judge), [])
        edits.edit_comment(self.comments["same"], by=cited, body="Other words, and more of them.")
        self.assert_told(judge, "closing_dropped", "Your judgement no longer counts", url=self.url)
        self.judge(judge)
        self.write(body=f"{WORDS} And that is all.", based_on="1")
        self.assert_told(judge, "closing_changed", "is of the earlier version", url=self.url)
        self.assertEqual(self.kinds(judge), ["closing_changed"])
        # The same comments are cited, so nobody is told so again.
        self.assertEqual(self.kinds(cited), ["cited"])

    def test_a_citation_is_shown_while_the_comment_stands(self) -> None:
        comment = self.comments["same"]
        self.write()
        actions.remove(comment, by=self.moderator, reason="spam")
        page = client_of(comment.author).get(reverse("comments:me"))
        self.assertNotContains(page, "quotes you")
        actions.restore(Comment.objects.get(pk=comment.pk), by=self.moderator)
        self.assert_told(comment.author, "cited", "quotes you")

    def test_a_best_reason_is_called_fair_and_loses_its_verdicts(self) -> None:
        writer, judges = self.people["same"][0], self.people["different"]
        reason = post_comment(
            Draft(
                author=writer,
                post=self.post,
                body="They would say that the horizon is a trade of its own.",
                argues_for=self.stances["different"],
            ),
            now=timezone.now() - timedelta(days=3),
        ).comment
        for judge in judges:
            steelmen.judge(reason, by=judge, is_fair=True)
        url = f"/comments/{reason.pk}/verdict/"
        self.assert_told(writer, "judged_fair", "who answer Different call your best", url=url)
        for judge in judges:
            steelmen.judge(reason, by=judge, is_fair=False)
        self.assertNotContains(client_of(writer).get(reverse("comments:me")), "call your best")
        edits.edit_comment(
            Comment.objects.get(pk=reason.pk), by=writer, body="They would say something else."
        )
        self.assert_told(judges[0], "verdict_dropped", "no longer counts", url=url)


class RegistryTests(Cast):
    """What each kind needs besides its entry."""

    def test_every_kind_has_words_and_a_loader(self) -> None:
        for kind in kinds.registered():
            with self.subTest(kind.name):
                get_template(kind.template)
                words = Path(settings.BASE_DIR, "templates", kind.template).read_text()
                # A name from right to left would turn the words around it.
                assert not re.search(r"(?<!<bdi>)\{\{ (name|handle) }}", words)
                assert kinds.loader_of(kind)(self.reader, []) == {}
        assert len(kinds.registered()) >= 24
