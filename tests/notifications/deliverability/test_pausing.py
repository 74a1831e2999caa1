"""Test when articles pause, who is told, what waits, and how it goes on."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from core import limits
from notifications.actions import News, notify
from notifications.deliverability import actions, events, health, pausing
from notifications.deliverability.figures import Figures
from notifications.deliverability.models import ArticlePause, EventKind, PauseReason
from notifications.kinds import Way
from notifications.mailing import health as outbox_health
from notifications.mailing import sending, ways
from notifications.mailing.models import Outgoing, OutgoingState
from notifications.models import Notification
from posts.notifications import AUTHOR_PUBLISHED
from tests.at_once import at_once
from tests.factories import make_post, make_user
from tests.notifications.mailing.mailbox import SOON, Mailbox, at, html_of

from .sendings import Sendings, sent

DAY = timedelta(days=1)
ENOUGH = Figures(sent=200, bounces=11, complaints=0)


class LimitTests(Sendings):
    """The rates and numbers at which it pauses."""

    def test_just_below_and_just_above_each_limit(self) -> None:
        for mails, bounces, complaints, reason in (
            (200, 0, 0, ""),
            (200, 1, 0, ""),
            (200, 4, 0, ""),
            (200, 0, 4, ""),
            (199, 0, 5, ""),
            (200, 0, 5, "complaints"),
            (200, 4, 1, "complaints"),
            (1000, 2, 3, ""),
            (1000, 1, 4, "complaints"),
            (200, 10, 0, ""),
            (200, 11, 0, "bounces"),
            (199, 50, 0, ""),
            (1000, 50, 0, ""),
            (1000, 51, 0, "bounces"),
            (10_000, 500, 30, ""),
            (10_000, 501, 30, "bounces"),
            (10_000, 501, 31, "complaints"),
        ):
            with self.subTest(mails=mails, bounces=bounces, complaints=complaints):
                ArticlePause.objects.all().delete()
                figures = Figures(mails, bounces, complaints)
                assert actions.pause_if_bad(figures, timezone.now()) == bool(reason)
                assert [each.reason for each in ArticlePause.objects.all()] == [reason] * bool(
                    reason
                )

    def test_the_fifth_complaint_pauses_and_the_sixth_changes_nothing(self) -> None:
        sent(200)
        self.happens(EventKind.COMPLAINT, 4)
        assert not pausing.articles_are_paused()
        self.happens(EventKind.COMPLAINT)
        assert pausing.articles_are_paused()
        self.happens(EventKind.COMPLAINT)
        pause = ArticlePause.objects.get()
        assert pause.figures == Figures(200, 0, 5)
        assert pause.reason == PauseReason.COMPLAINTS
        assert pause.paused_by is None

    def test_one_person_alone_cannot_pause(self) -> None:
        sent(200)
        for _n in range(12):
            events.record(str(self.reader.email), EventKind.COMPLAINT)
            events.record(str(self.reader.email), EventKind.BOUNCE)
        assert not pausing.articles_are_paused()

    def test_it_pauses_when_mails_of_earlier_days_no_longer_count(self) -> None:
        now = timezone.now()
        sent(5000, now - timedelta(days=6))
        sent(200, now)
        self.happens(EventKind.COMPLAINT, 5)
        assert not events.look()
        with at(now + timedelta(days=1)):
            assert events.look()
        assert pausing.articles_are_paused()

    def test_after_going_on_only_later_events_count(self) -> None:
        sent(200)
        self.happens(EventKind.COMPLAINT, 5)
        assert actions.go_on(ArticlePause.objects.get().pk, by=self.admin)
        assert not events.look()
        self.happens(EventKind.COMPLAINT, 4)
        assert not pausing.articles_are_paused()
        self.happens(EventKind.COMPLAINT)
        assert pausing.articles_are_paused()
        assert ArticlePause.objects.count() == 2

    def test_asking_costs_one_query(self) -> None:
        for paused in (False, True):
            if paused:
                actions.pause(ENOUGH, by=self.admin)
            with CaptureQueriesContext(connection) as asked:
                assert pausing.articles_are_paused() == paused
            assert len(asked) == 1


class AtOnceTests(TransactionTestCase):
    """Workers that see the same figures at the same moment."""

    def test_five_workers_pause_once_and_tell_each_admin_once(self) -> None:
        admins = [make_user("ines", Role.ADMIN), make_user("ivo", Role.ADMIN)]
        results = at_once(*[lambda: actions.pause_if_bad(ENOUGH, timezone.now())] * 5)
        assert sorted(results) == [False] * 4 + [True], results
        assert ArticlePause.objects.count() == 1
        assert Notification.objects.filter(kind="articles_paused").count() == len(admins)


class WaitingTests(Mailbox):
    """What waits while articles are paused, and what does not."""

    def publish(self) -> None:
        post = make_post(self.author, title="The second part")
        notify(AUTHOR_PUBLISHED, News(self.reader.pk, post.pk, post.pk), cause=self.author)

    def subjects(self, passed: timedelta = SOON) -> list[str]:
        return sorted(each.subject for each in self.after(passed) if self.reader.email in each.to)

    def test_articles_wait_and_go_out_afterwards_and_replies_do_not_wait(self) -> None:
        actions.pause(ENOUGH, by=self.admin)
        self.publish()
        self.reply()
        assert self.subjects() == [self.post.title]
        assert self.subjects(2 * SOON) == []
        row = Outgoing.objects.get(kind=AUTHOR_PUBLISHED.name)
        assert row.state == OutgoingState.WAITING
        actions.go_on(ArticlePause.objects.get().pk, by=self.admin)
        (subject,) = self.subjects(3 * SOON)
        assert "The second part" in subject
        assert self.subjects(4 * SOON) == []

    def test_a_mail_that_was_ready_waits_as_well(self) -> None:
        self.publish()
        with patch.object(sending, "_send_ready", return_value=0):
            self.after()
        assert Outgoing.objects.get().state == OutgoingState.READY
        actions.pause(ENOUGH, by=self.admin)
        assert self.subjects() == []
        actions.go_on(ArticlePause.objects.get().pk, by=self.admin)
        assert len(self.subjects(2 * SOON)) == 1

    def test_a_daily_mail_that_was_ready_goes_without_its_articles_which_come_afterwards(
        self,
    ) -> None:
        for scope in ("group:followed", "group:replies"):
            ways.choose(self.reader, scope, Way.DAILY)
        self.publish()
        self.reply("Who is ill, then?")
        self.after()
        with patch.object(sending, "_send_ready", return_value=0):
            self.after(2 * DAY)
        rows = Outgoing.objects.filter(person=self.reader)
        assert [row.state for row in rows] == [OutgoingState.READY] * 2
        assert len({row.mail for row in rows}) == 1
        actions.pause(ENOUGH, by=self.admin)
        (daily,) = self.after(2 * DAY)
        assert "Who is ill, then?" in daily.body
        assert "The second part" not in daily.body + html_of(daily)
        assert self.after(3 * DAY) == []
        actions.go_on(ArticlePause.objects.get().pk, by=self.admin)
        (later,) = self.after(4 * DAY)
        assert "The second part" in later.body
        assert "Who is ill, then?" not in later.body
        assert self.after(5 * DAY) == []

    def test_what_waits_for_a_pause_is_no_stuck_outbox_and_starts_no_job(self) -> None:
        actions.pause(ENOUGH, by=self.admin)
        Outgoing.objects.all().delete()
        self.publish()
        with at(timezone.now() + SOON + timedelta(seconds=limits.MAIL_STUCK)):
            assert not outbox_health.report().is_stuck
            assert not sending.enqueue_due()

    def test_every_admin_is_told_at_once_in_the_inbox_and_by_mail_that_never_waits(self) -> None:
        other = make_user("ivo", Role.ADMIN)
        ways.choose(other, "group:replies", Way.NONE)
        sent(200)
        for _n in range(5):
            events.record(str(make_user().email), EventKind.COMPLAINT)
        arrived = {each.to[0]: each for each in self.after()}
        assert arrived.keys() == {self.admin.email, other.email}
        for text in (arrived[other.email].body, html_of(arrived[other.email])):
            assert "too many people reported them as spam" in text
            assert "/settings/articles/" in text
            assert "because you are an admin of this site" in text
        self.sign_in(self.admin)
        self.assertContains(self.client.get("/me/notifications/"), "no longer sent by e-mail")

    def test_the_admin_who_pauses_is_not_told_and_the_others_are(self) -> None:
        other = make_user("ivo", Role.ADMIN)
        actions.pause(ENOUGH, by=self.admin)
        told = Notification.objects.filter(kind="articles_paused")
        assert list(told.values_list("recipient", flat=True)) == [other.pk]
        (message,) = self.after()
        assert "An admin paused" in message.body


class HealthTests(Sendings):
    """What the operator sees."""

    def test_readyz_and_check(self) -> None:
        assert "articles by mail: not paused\n" in self.client.get("/readyz").text
        assert health.check_pause() == []
        actions.pause(ENOUGH, by=self.admin)
        answer = self.client.get("/readyz")
        assert answer.status_code == 200
        assert "articles by mail: paused since " in answer.text
        assert "(by_hand)" in answer.text
        (warning,) = health.check_pause()
        assert warning.id == "notifications.W002"
        assert "/settings/articles/" in str(warning.hint)

    def test_check_without_a_database_says_nothing(self) -> None:
        with patch.object(health, "_current", side_effect=OperationalError):
            call_command("check")


def page_words(page: Any) -> str:
    """Return the words of a page without line breaks."""
    return " ".join(page.text.split())


class PageTests(Sendings):
    """The page of the admins."""

    def setUp(self) -> None:
        self.sign_in(self.admin)

    def page(self) -> str:
        return page_words(self.client.get("/settings/articles/"))

    def test_it_says_the_figures_of_nothing_one_and_few(self) -> None:
        assert "There are not enough yet" in self.page()
        assert "<dd>0</dd>" in self.page()
        sent(1)
        self.happens(EventKind.BOUNCE)
        assert "1 (100.00 %)" in self.page()
        sent(1000)
        self.happens(EventKind.COMPLAINT, 3)
        self.happens(EventKind.BOUNCE)
        page = self.page()
        assert "2 (0.20 %)" in page
        assert "3 (0.30 %)" in page
        assert "above 5 % bounces or 0.3 % reports" in page
        assert "There are not enough yet" not in page

    def test_a_pause_is_explained_and_ended_by_a_press(self) -> None:
        sent(1000)
        self.happens(EventKind.COMPLAINT, 5)
        page = self.page()
        assert "Too many people reported our e-mails as spam." in page
        assert "Of 1,000 e-mails 0 bounced and 5 were reported as spam." in page
        pause = ArticlePause.objects.get()
        end = f"/settings/articles/pause/{pause.pk}/end/"
        assert f'action="{end}"' in page
        said = page_words(self.client.post(end, follow=True))
        assert "Articles are sent by e-mail again." in said
        assert "<bdi>ines</bdi> went on" in said
        assert "This pause had ended already." in page_words(self.client.post(end, follow=True))
        pause.refresh_from_db()
        assert pause.ended_by == self.admin

    def test_paused_by_hand_twice_it_is_one_pause(self) -> None:
        for said in ("Paused.", "It was paused already."):
            page = self.client.post("/settings/articles/pause/", follow=True)
            self.assertContains(page, said)
        pause = ArticlePause.objects.get()
        assert pause.paused_by == self.admin
        assert "An admin paused it. (<bdi>ines</bdi>)" in self.page()

    def test_a_late_press_does_not_end_a_later_pause(self) -> None:
        actions.pause(ENOUGH, by=self.admin)
        first = ArticlePause.objects.get()
        actions.go_on(first.pk, by=self.admin)
        actions.pause(ENOUGH, by=self.admin)
        self.client.post(f"/settings/articles/pause/{first.pk}/end/")
        assert pausing.articles_are_paused()
        assert self.client.post("/settings/articles/pause/999/end/").status_code == 404

    def test_others_neither_see_nor_pause_it(self) -> None:
        for person in (self.reader, self.author, self.moderator):
            self.sign_in(person)
            assert self.client.get("/settings/articles/").status_code == 404
            assert self.client.post("/settings/articles/pause/").status_code == 404
        self.client.logout()
        assert self.client.post("/settings/articles/pause/").status_code == 302
        assert not ArticlePause.objects.exists()

    def test_only_a_post_writes(self) -> None:
        actions.pause(ENOUGH, by=self.admin)
        pk = ArticlePause.objects.get().pk
        for url in ("/settings/articles/pause/", f"/settings/articles/pause/{pk}/end/"):
            assert self.client.get(url).status_code == 405
        assert pausing.articles_are_paused()

    def test_the_same_queries_whatever_happened(self) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.client.get("/settings/articles/")
            return len(queries)

        self.page()
        few = asked()
        for _n in range(4):
            actions.pause(ENOUGH, by=self.admin)
            actions.go_on(ArticlePause.objects.latest("pk").pk, by=self.admin)
        self.happens(EventKind.BOUNCE, 4)
        assert asked() == few

    def test_only_admins_are_offered_its_notifications(self) -> None:
        assert "Running the site" in self.client.get("/me/notifications/settings/").text
        assert "Running the site" in self.client.get("/me/notifications/").text
        self.sign_in(self.reader)
        assert "Running the site" not in self.client.get("/me/notifications/settings/").text
        assert "Running the site" not in self.client.get("/me/notifications/").text
        Notification.objects.create(
            recipient=self.reader, kind="articles_paused", subject_id=1, target="article_pause"
        )
        actions.pause(ENOUGH, by=self.admin)
        assert "An admin paused" not in self.client.get("/me/notifications/").text
