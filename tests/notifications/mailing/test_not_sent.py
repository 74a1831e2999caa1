"""Test that each reason of the list of what was not sent is written by what it names."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions.changes_of_mind import Credit, give
from comments.actions.comments import delete_comment
from comments.models import ChangeKind
from comments.models.moderation import Reason
from comments.moderation.actions import decisions, people
from core import limits
from notifications.mailing import sending
from notifications.mailing.models import Outgoing, StoppedAddress
from notifications.models import Notification, Unsent, UnsentReason
from tests.factories import make_comment, make_post, make_question

from .mailbox import SOON, Mailbox

MUTED = "No e-mail: you chose to get none about this."
LIMIT = "No separate e-mail: you had as many that day as we send."
CONCEALED = "It was no longer there, or a rule of the site held it back."


class NotSentTests(Mailbox):
    """Something happens to the reader, who looks afterwards why there was no e-mail."""

    def setUp(self) -> None:
        super().setUp()
        self.sign_in(self.reader)

    def choose(self, scope: str, was: str, way: str) -> None:
        sent = {"mail-0-scope": scope, "mail-0-was": was, "mail-0-way": way}
        self.client.post(reverse("notifications:mail-settings"), sent)

    def page(self) -> str:
        return self.client.get(reverse("comments:unsent")).text

    def reasons(self) -> list[str]:
        rows = Unsent.objects.filter(recipient=self.reader).order_by("pk")
        return list(rows.values_list("reason", flat=True))

    def of_reader(self, passed: timedelta) -> list[Any]:
        """Return the mails that the reader gets after this time."""
        return [each for each in self.after(passed) if self.reader.email in each.to]

    def test_every_reason_has_a_test(self) -> None:
        tested = {name.removeprefix("test_because_") for name in dir(self) if "because" in name}
        assert tested == set(UnsentReason.values)

    def test_because_stronger(self) -> None:
        """A reply in an article that one follows is a reply."""
        self.client.post(reverse("following:follow", args=["post", self.post.pk]), {"follow": "1"})
        self.reply()
        assert len(self.after()) == 1
        assert self.reasons() == ["stronger"]
        assert "Another notification is about the same thing." in self.page()

    def test_of_one_thing_the_newer_notification_counts(self) -> None:
        people.suspend(self.reader, by=self.moderator, reason=Reason.SPAM, days=3)
        people.suspend(self.reader, by=self.moderator, reason=Reason.SPAM, days=7)
        assert len(self.after()) == 1
        assert self.reasons() == ["stronger"]

    def test_because_muted(self) -> None:
        """By a choice for a group or an article; what nobody asked for is not listed."""
        self.choose(f"post:{self.post.pk}", "", "none")
        self.reply()
        assert self.after() == []
        assert self.reasons() == ["muted"]
        assert MUTED in self.page()
        assert "<bdi>sam</bdi> replied to you" in self.page()
        assert Notification.objects.filter(recipient=self.reader).unread().count() == 1
        self.choose(f"post:{self.post.pk}", "none", "")
        self.choose("group:replies", "soon", "none")
        self.reply("One more.")
        assert self.after(2 * SOON) == []
        assert self.reasons() == ["muted", "muted"]

    def test_what_was_never_asked_for_is_not_listed(self) -> None:
        """Of changes of mind there is no e-mail unless one asks."""
        self.settle_at_once()
        make_comment(self.post, self.stranger, self.stances["same"])
        words = "The rota, as you say, is what decides it for me."
        kind, was = ChangeKind.SOFTENED, self.stances["same"]
        give(Credit(self.stranger, self.post, kind, words, was, comment=self.mine))
        assert Notification.objects.get(recipient=self.reader).kind == "credit"
        assert self.after() == []
        assert self.reason() == "not_asked"
        assert self.reasons() == []

    def test_because_daily_limit(self) -> None:
        self.enterContext(patch.object(limits, "MAILS_PER_DAY", 3))
        for _n in range(3):
            post = make_post(self.author)
            make_question(post)
            self.elsewhere(post)
        assert len([each for each in self.after() if self.reader.email in each.to]) == 1
        assert self.reasons() == ["daily_limit", "daily_limit"]
        assert self.page().count(LIMIT) == 2
        later = timezone.now() + timedelta(days=1, hours=1)
        assert len([each for each in self.at(later) if self.reader.email in each.to]) == 1
        assert self.reasons() == ["daily_limit", "daily_limit"]

    def test_because_address(self) -> None:
        StoppedAddress.objects.create(address=self.reader.email or "")
        self.reply()
        assert self.after() == []
        assert self.reasons() == ["address"]

    def test_because_account(self) -> None:
        self.reply()
        people.suspend(self.reader, by=self.moderator, reason=Reason.SPAM, days=None)
        self.after()
        assert self.reasons() == ["account"]

    def test_because_gone(self) -> None:
        delete_comment(self.reply())
        removed = self.reply("Another.")
        decisions.remove(removed, by=self.moderator, reason=Reason.SPAM)
        assert [each for each in self.after() if self.reader.email in each.to] == []
        assert self.reasons() == ["gone", "gone"]
        assert self.page().count(CONCEALED) == 2

    def test_what_somebody_did_before_a_suspension_is_not_mailed_during_it(self) -> None:
        """Also where the mail was ready; it stands in the inbox, as the reply does on the page."""
        self.reply("Sam was quick.")
        people.suspend(self.stranger, by=self.moderator, reason=Reason.SPAM, days=3)
        assert self.of_reader(SOON) == []
        assert self.reasons() == ["gone"]
        assert self.page().count(CONCEALED) == 1
        assert "Sam was quick." in self.client.get("/me/notifications/").text

    def test_nor_if_the_mail_was_ready(self) -> None:
        self.reply()
        with patch.object(sending, "_send_ready", return_value=0):
            self.after()
        assert Outgoing.objects.get().state == "ready"
        people.suspend(self.stranger, by=self.moderator, reason=Reason.SPAM, days=None)
        assert self.of_reader(SOON) == []

    def test_of_several_replies_the_others_are_mailed(self) -> None:
        self.reply("Sam was quick.")
        self.reply("Ada was slow.", by=self.author)
        people.suspend(self.stranger, by=self.moderator, reason=Reason.SPAM, days=3)
        (message,) = self.of_reader(SOON)
        assert "Ada was slow." in message.body
        assert "Sam was quick." not in message.body

    def test_a_suspension_that_ended_before_keeps_nothing_back(self) -> None:
        self.reply()
        User.objects.filter(pk=self.stranger.pk).update(suspended_until=timezone.now() + SOON / 2)
        assert len(self.of_reader(SOON)) == 1

    def test_because_cause(self) -> None:
        """It reads like what is gone, so nobody learns who is suspended."""
        held = self.reply("Held at first.", by=self.newcomer)
        people.suspend(self.newcomer, by=self.moderator, reason=Reason.SPAM, days=3)
        decisions.approve(held, by=self.moderator)
        assert [each for each in self.after() if self.reader.email in each.to] == []
        assert self.reasons() == ["cause"]
        with_cause = self.page()
        Unsent.objects.all().delete()
        delete_comment(self.reply("Gone soon."))
        newest = Notification.objects.filter(recipient=self.reader).latest("pk").pk
        self.client.post(reverse("comments:me-read"), {"newest": newest})
        assert [each for each in self.after() if self.reader.email in each.to] == []
        assert self.reasons() == ["gone"]
        assert _without_token(self.page()) == _without_token(with_cause)


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)
