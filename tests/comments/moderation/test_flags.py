"""Test flagging a comment."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from comments.actions.comments import delete_comment
from comments.actions.edits import edit_comment
from comments.models import CommentState
from comments.models.moderation import Flag, Reason
from comments.moderation import actions
from comments.moderation.sentences import why_in_queue
from core import limits
from tests.factories import make_comment

from .cases import HTMX, Moderated

SPAM = {"reason": "spam", "note": "It sells shoes."}


class FlagTests(Moderated):
    """One flag of each reader, with a reason."""

    def setUp(self) -> None:
        self.sign_in(self.stranger)

    def flags(self) -> int:
        return Flag.objects.filter(comment=self.quiet).count()

    def test_the_form_asks_why_with_nothing_chosen(self) -> None:
        page = self.get("flags", self.quiet.pk)
        self.assertContains(page, 'type="radio"', count=len(Reason))
        self.assertNotContains(page, "checked")

    def test_a_report_is_kept_and_thanked_for(self) -> None:
        page = self.client.post(reverse("comments:flags", args=[self.quiet.pk]), SPAM, follow=True)
        assert page.redirect_chain == [(reverse("comments:flags", args=[self.quiet.pk]), 302)]
        self.assertContains(page, "Thank you")
        flag = Flag.objects.get(comment=self.quiet)
        assert (flag.reporter, flag.reason, flag.note) == (self.stranger, "spam", SPAM["note"])

    def test_the_form_as_it_is_shown_is_accepted(self) -> None:
        seen = self.get("flags", self.quiet.pk).context["form"]["seen"].value()
        for token in (seen, "of no text"):
            assert self.send("flags", self.quiet, {**SPAM, "seen": token}).status_code == 302
            flag = Flag.objects.get(comment=self.quiet)
            assert flag.text_number == self.quiet.revisions.next_number()
            flag.delete()

    def test_htmx_gets_the_thanks_alone(self) -> None:
        part = self.send("flags", self.quiet, SPAM, **HTMX)
        self.assertContains(part, "Thank you")
        self.assertNotContains(part, "<html")

    def test_a_second_report_is_the_same(self) -> None:
        for reason in ("spam", "spam", "hate"):
            assert self.send("flags", self.quiet, {"reason": reason}).status_code == 302
        assert self.flags() == 1

    def test_a_reason_is_needed_and_the_note_comes_back(self) -> None:
        for reason in ("", "nonsense"):
            page = self.send("flags", self.quiet, {**SPAM, "reason": reason})
            self.assertContains(page, SPAM["note"], status_code=422)
        assert self.flags() == 0

    def test_ones_own_comment_is_refused(self) -> None:
        self.sign_in(self.reader)
        assert self.get("flags", self.quiet.pk).status_code == 403
        assert self.send("flags", self.quiet, SPAM).status_code == 403

    def test_suspended_people_report_nothing(self) -> None:
        self.sign_in(self.suspended)
        assert self.send("flags", self.quiet, SPAM).status_code == 403
        assert self.flags() == 0

    def test_visitors_sign_in_and_find_what_they_typed(self) -> None:
        self.client.logout()
        page = self.send("flags", self.quiet, SPAM)
        assert page.status_code == 302
        assert reverse("account_login") in page["Location"]
        assert self.flags() == 0

    def test_what_cannot_be_read_cannot_be_reported(self) -> None:
        removed = make_comment(self.post, self.reader)
        actions.remove(removed, by=self.moderator, reason="spam")
        gone = make_comment(self.post, self.reader)
        delete_comment(gone)
        for pk in (self.held.pk, removed.pk, gone.pk, 987654321):
            assert self.send("flags", pk, SPAM).status_code == 404
            assert self.get("flags", pk).status_code == 404

    def test_other_methods_are_refused(self) -> None:
        assert self.client.delete(reverse("comments:flags", args=[1])).status_code == 405

    def test_moderators_are_not_asked_twice_about_the_same_words(self) -> None:
        self.send("flags", self.quiet, SPAM)
        actions.dismiss(self.quiet, by=self.moderator)
        self.send("flags", self.quiet, SPAM)
        assert self.flags() == 1
        self.assertContains(self.get("flags", self.quiet.pk), "has looked at your report")

    def test_new_words_can_be_reported_anew(self) -> None:
        self.send("flags", self.quiet, SPAM)
        actions.dismiss(self.quiet, by=self.moderator)
        edit_comment(
            self.quiet, by=self.reader, body="Much worse words, and many more of them." * 9
        )
        self.send("flags", self.quiet, SPAM)
        assert self.flags() == 2


class FlagRateTests(Moderated):
    """Twenty flags a day, then a sentence with the time of the next."""

    def setUp(self) -> None:
        self.sign_in(self.reader)

    def report(self, count: int, hours_ago: int) -> None:
        when = timezone.now() - timedelta(hours=hours_ago)
        for _ in range(count):
            comment = make_comment(self.post, self.stranger)
            Flag.objects.create(
                comment=comment, reporter=self.reader, reason="spam", created_at=when
            )

    def test_after_twenty_one_waits(self) -> None:
        self.report(limits.FLAGS_PER_DAY, hours_ago=20)
        comment = make_comment(self.post, self.stranger)
        page = self.send("flags", comment, SPAM)
        self.assertContains(page, "You can report more in 4 hours", status_code=429)
        self.assertContains(page, SPAM["note"], status_code=429)
        assert 3 * 3600 < int(page["Retry-After"]) <= 4 * 3600 + 1
        assert not Flag.objects.filter(comment=comment).exists()

    def test_what_was_yesterday_does_not_count(self) -> None:
        self.report(limits.FLAGS_PER_DAY - 1, hours_ago=20)
        self.report(1, hours_ago=25)
        comment = make_comment(self.post, self.stranger)
        assert self.send("flags", comment, SPAM).status_code == 302


class HeldAndFlaggedTests(Moderated):
    """The reason on the desk for a comment that was flagged, and is held."""

    def test_it_names_both(self) -> None:
        comment = self.quiet
        flag = Flag(comment=comment, reason=Reason.SPAM)
        self.assertEqual(why_in_queue(comment, [flag]), "1 report: is spam or advertising")
        comment.state, comment.held_reason = CommentState.HELD, "newcomer"
        held = "Held: one of the first comments by a new account"
        self.assertEqual(why_in_queue(comment, []), held)
        both = f"{held}; 1 report: is spam or advertising"
        self.assertEqual(why_in_queue(comment, [flag]), both)
