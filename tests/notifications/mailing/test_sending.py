"""Test that an event becomes a mail once, with the words of the time of sending."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from allauth.account.models import EmailAddress
from django.utils import timezone

from comments.actions.comments import delete_comment
from comments.models.moderation import EndReason, Reason
from comments.moderation.actions import decisions, people
from core import limits
from notifications.kinds import Way
from notifications.mailing import outbox, ways
from notifications.mailing.models import Outgoing, OutgoingState, StoppedAddress
from notifications.models import Notification
from tests.factories import make_post, make_question

from .mailbox import SOON, Mailbox, headers_of, html_of

DAY = timedelta(days=1)


class GatheringTests(Mailbox):
    """What comes together, and when."""

    def test_replies_of_ten_minutes_come_as_one(self) -> None:
        self.reply("And when two are ill?")
        self.reply("There is: I was one of four.", by=self.moderator)
        assert self.after(timedelta(minutes=5)) == []
        (message,) = self.after()
        assert message.to == [self.reader.email]
        assert message.subject == self.post.title
        for text in (message.body, html_of(message)):
            assert "2 replies and mentions" in text
            assert "In a team of four nobody is two people." in text
            assert "And when two are ill?" in text
            assert "There is: I was one of four." in text
        assert self.after() == []
        assert self.after(8 * DAY) == []

    def test_articles_do_not_mix(self) -> None:
        other = make_post(self.author)
        make_question(other)
        self.reply()
        self.elsewhere(other)
        assert {each.subject for each in self.after()} == {self.post.title, other.title}

    def test_once_a_day_all_together_at_eight_where_the_person_is(self) -> None:
        self.reader.time_zone = "Pacific/Auckland"
        self.reader.save()
        ways.choose(self.reader, "group:replies", Way.DAILY)
        other = make_post(self.author)
        make_question(other)
        self.reply()
        self.elsewhere(other)
        assert self.after() == []
        due = Outgoing.objects.values_list("due_at", flat=True).distinct().get()
        assert due.astimezone(self.reader.zone).hour == limits.MAIL_HOUR
        assert self.at(due - timedelta(seconds=1)) == []
        (message,) = self.at(due)
        assert "2 notifications today" in message.subject
        for title in (self.post.title, other.title):
            assert title in message.body
            assert title in html_of(message)
        assert self.at(due + DAY) == []

    def test_an_hour_that_comes_twice_brings_one_mail(self) -> None:
        self.reader.time_zone = "Europe/Berlin"
        self.reader.save()
        ways.choose(self.reader, "group:replies", Way.DAILY)
        first = datetime(2027, 10, 31, 0, tzinfo=UTC)
        self.enterContext(patch.object(limits, "MAIL_HOUR", 2))
        self.reply()
        Outgoing.objects.update(due_at=first - timedelta(hours=3))
        assert self.at(first - timedelta(hours=2)) == []
        arrived = [len(self.at(first + timedelta(minutes=10 * n))) for n in range(13)]
        assert arrived == [1] + [0] * 12

    def test_once_a_week(self) -> None:
        ways.choose(self.reader, "group:replies", Way.WEEKLY)
        self.reply()
        assert self.after() == []
        due = Outgoing.objects.get().due_at
        assert due.weekday() == 0
        assert "1 notification this week" in self.at(due)[0].subject


class WordsTests(Mailbox):
    """Words are read when a mail is sent, so what was withheld until then is never sent."""

    def test_nothing_of_a_reply_that_was_removed_held_or_deleted_while_it_waited(self) -> None:
        mod = self.moderator
        for name, withhold in (
            ("removed", lambda it: decisions.remove(it, by=mod, reason=Reason.SPAM)),
            ("deleted", delete_comment),
        ):
            with self.subTest(name):
                reply = self.reply("Never to be read.")
                kept = self.reply("This stays.", by=self.author)
                withhold(reply)
                (message,) = (each for each in self.after() if self.reader.email in each.to)
                assert "This stays." in message.body
                assert "Never to be read" not in message.body + html_of(message)
                delete_comment(kept)
        assert self.after() == []

    def test_nothing_of_one_removed_between_planning_and_sending(self) -> None:
        reply = self.reply("Never to be read.")
        with patch("notifications.mailing.sending._send_ready", return_value=0):
            assert self.after() == []
        assert Outgoing.objects.get().state == OutgoingState.READY
        delete_comment(reply)
        assert self.after() == []
        assert self.reason() == "gone"

    def test_nothing_that_was_read_in_the_inbox_before(self) -> None:
        self.reply()
        Notification.objects.update(read_at=timezone.now())
        assert self.after() == []
        assert self.reason() == "read"

    def test_what_is_withdrawn_is_not_sent(self) -> None:
        self.reply()
        Notification.objects.all().delete()
        assert self.after() == []
        assert self.reason() == "gone"


class WaysTests(Mailbox):
    """Who gets mail about what."""

    def test_a_choice_counts_at_the_time_of_sending(self) -> None:
        self.reply()
        ways.choose(self.reader, "group:replies", Way.NONE)
        assert self.after() == []
        assert self.reason() == "not_wanted"

    def test_one_article_apart(self) -> None:
        ways.choose(self.reader, f"post:{self.post.pk}", Way.NONE)
        other = make_post(self.author)
        make_question(other)
        self.reply()
        self.elsewhere(other)
        assert [each.subject for each in self.after()] == [other.title]

    def test_a_kind_apart_counts_before_its_group_and_after_an_article(self) -> None:
        ways.choose(self.reader, "group:replies", Way.NONE)
        ways.choose(self.reader, "kind:reply", Way.SOON)
        self.reply()
        self.write(self.stranger, body="As @robin says.")
        (message,) = self.after()
        assert "And when two are ill?" in message.body
        assert "As @robin says." not in message.body
        ways.choose(self.reader, f"post:{self.post.pk}", Way.NONE)
        self.reply("One more.")
        assert self.after(2 * SOON) == []

    def test_what_is_decided_about_oneself_has_no_kinds_apart(self) -> None:
        ways.choose(self.reader, "kind:removed", Way.NONE)
        decisions.remove(self.mine, by=self.moderator, reason=Reason.SPAM)
        assert len(self.after()) == 1

    def test_a_muted_article_still_brings_decisions_about_oneself(self) -> None:
        ways.choose(self.reader, f"post:{self.post.pk}", Way.NONE)
        decisions.remove(self.mine, by=self.moderator, reason=Reason.SPAM)
        (message,) = self.after()
        assert "A moderator removed your comment" in message.body

    def test_no_address_no_mail(self) -> None:
        cases: dict[str, Any] = {
            "no_address": lambda: EmailAddress.objects.update(verified=False),
            "stopped": lambda: StoppedAddress.objects.create(address=self.reader.email or ""),
        }
        for reason, arrange in cases.items():
            with self.subTest(reason):
                arrange()
                self.reply(f"A reply, {reason}")
                assert self.after() == []
                assert self.reason() == reason
                Outgoing.objects.all().delete()
                EmailAddress.objects.update(verified=True)

    def test_somebody_suspended_in_the_meantime(self) -> None:
        """What is about them arrives; the rest comes with the daily mail after the suspension."""
        until = timezone.now() + 3 * DAY
        self.reply()
        people.suspend(self.reader, by=self.moderator, reason=Reason.SPAM, days=3)
        (message,) = self.after()
        assert "You cannot write until" in message.body
        assert "replied" not in message.body
        assert self.after(2 * DAY) == []
        (later,) = self.at(until + DAY + timedelta(hours=1))
        assert "And when two are ill?" in later.body

    def test_a_suspension_that_ends_early_brings_forward_what_waited_for_its_end(self) -> None:
        mod, spam = self.moderator, Reason.SPAM
        self.reply()
        people.suspend(self.reader, by=mod, reason=spam, days=30)
        assert len(self.after()) == 1, "the suspension itself"
        waits = Outgoing.objects.filter(kind="reply")
        first = waits.get().due_at
        people.suspend(self.reader, by=mod, reason=spam, days=3)
        shorter = waits.get().due_at
        assert timezone.now() + 3 * DAY < shorter < timezone.now() + 4 * DAY + SOON < first
        people.suspend(self.reader, by=mod, reason=spam, days=7)
        assert waits.get().due_at == shorter, "a longer one is looked at when that is due"
        people.lift_suspension(self.reader, by=mod, reason=EndReason.MISTAKE)
        due_at = waits.get().due_at
        assert timezone.now() < due_at <= timezone.now() + DAY
        assert any("And when two are ill?" in each.body for each in self.at(due_at))

    def test_the_end_of_a_suspension_leaves_the_weekly_mail_and_that_of_others(self) -> None:
        ways.choose(self.reader, "group:replies", Way.WEEKLY)
        self.reply()
        theirs = self.write(self.stranger)
        self.write(self.moderator, theirs)
        self.after()
        Outgoing.objects.filter(person=self.stranger).update(
            state=OutgoingState.WAITING, mail=None, way=Way.DAILY, done_at=None,
            due_at=timezone.now() + 5 * DAY,
        )  # fmt: skip
        rows = Outgoing.objects.filter(kind="reply").order_by("pk")
        before = list(rows.values_list("person", "due_at"))
        assert len(before) == 2
        people.suspend(self.reader, by=self.moderator, reason=Reason.SPAM, days=3)
        people.lift_suspension(self.reader, by=self.moderator, reason=EndReason.MISTAKE)
        assert list(rows.values_list("person", "due_at")) == before

    def test_at_most_twenty_a_day_and_the_rest_together(self) -> None:
        posts = [make_post(self.author) for _n in range(30)]
        for post in posts:
            make_question(post)
            self.elsewhere(post)
        decisions.remove(self.mine, by=self.moderator, reason=Reason.SPAM)
        arrived = self.after()
        assert len(arrived) == limits.MAILS_PER_DAY - 2 + 1, "decisions do not count"
        assert any("removed" in each.body for each in arrived)
        due = Outgoing.objects.filter(state=OutgoingState.WAITING).latest("due_at").due_at
        (rest,) = self.at(due)
        assert "12 notifications today" in rest.subject
        assert not Outgoing.objects.filter(done_at=None).exists()


class RecordTests(Mailbox):
    """The outbox remembers, and forgets in time."""

    def test_old_rows_are_deleted_and_those_that_wait_are_not(self) -> None:
        self.reply()
        assert len(self.after()) == 1
        self.reply("Another.")
        assert outbox.prune(timezone.now() + limits.MAIL_RECORD_DAYS * DAY) == 0
        assert outbox.prune(timezone.now() + (limits.MAIL_RECORD_DAYS + 1) * DAY) == 1
        assert Outgoing.objects.get().state == OutgoingState.WAITING

    def test_headers(self) -> None:
        self.reply()
        (first,) = self.after()
        self.reply("Another.")
        (second,) = self.after(2 * SOON)
        one, two = headers_of(first), headers_of(second)
        assert one["Message-ID"] != two["Message-ID"]
        assert one["References"] == one["In-Reply-To"] == two["References"]
        assert one["Subject"] == two["Subject"]
        assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert one["List-Unsubscribe"].startswith("<http://testserver/mail/")
        assert "replies.testserver" in one["List-Id"]
        assert one["Auto-Submitted"] == "auto-generated"
        parts = [part.get_content_type() for part in one.walk()]
        assert parts == ["multipart/alternative", "text/plain", "text/html"]

    def test_nothing_in_a_title_or_a_name_adds_a_header(self) -> None:
        revision = self.post.live_revision
        assert revision is not None
        revision.title = "Two\r\nBcc: x@example.org"
        revision.save()
        self.stranger.name = "Sam\nBcc: y@example.org"
        self.stranger.save()
        self.reply()
        (message,) = self.after()
        sent = headers_of(message)
        assert sent["Bcc"] is None
        assert "\n" not in message.subject
        assert sent.get_all("To") == [self.reader.email]
