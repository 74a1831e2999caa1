"""Test mail to addresses without an account: as much a day as people get, planned by one worker."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from comments.notifications import POST_COMMENT
from core import limits
from notifications.kinds import Way
from notifications.mailing import outbox, planning
from notifications.mailing.models import Outgoing, OutgoingState
from notifications.mailing.receivers import ReceiverKey, lock
from notifications.models import Subscription
from tests.at_once import at_once
from tests.factories import make_comment, make_post, make_question, make_user

from .mailbox import SOON, Mailbox, html_of, run_worker

ADDRESS = "pat@example.org"


def follow(post: int, target: str = "post") -> Subscription:
    """Let the address follow an article, confirmed."""
    now = timezone.now()
    return Subscription.objects.create(
        address=ADDRESS, target=target, target_id=post, confirmed_at=now
    )


class DayTests(Mailbox):
    """An address that follows many busy discussions."""

    def flood(self, number: int) -> list[Any]:
        """Let somebody write under as many articles that the address follows."""
        for _n in range(number):
            post = make_post(self.author)
            make_question(post)
            follow(post.pk)
            make_comment(post, self.stranger)
        run_worker()
        return self.after()

    def test_as_many_mails_a_day_as_a_person_gets_and_the_rest_together(self) -> None:
        room = limits.MAILS_PER_DAY - 2
        assert len(self.flood(room + 5)) == room
        due = Outgoing.objects.filter(state=OutgoingState.WAITING).latest("due_at").due_at
        (rest,) = self.at(due)
        assert "5 notifications today" in rest.subject
        assert not Outgoing.objects.filter(done_at=None).exists()

    def test_in_many_runs_of_a_day_not_more(self) -> None:
        arrived = 0
        for _run in range(3):
            arrived += len(self.flood(limits.MAILS_PER_DAY // 2))
        assert arrived == limits.MAILS_PER_DAY - 2

    def test_a_day_later_there_is_room_again(self) -> None:
        room = limits.MAILS_PER_DAY - 2
        self.flood(room)
        Outgoing.objects.filter(state=OutgoingState.SENT).update(
            done_at=timezone.now() - timedelta(days=1, minutes=1)
        )
        assert len(self.flood(1)) == 1

    def test_the_mail_of_the_rest_leads_to_no_inbox(self) -> None:
        self.flood(limits.MAILS_PER_DAY - 1)
        due = Outgoing.objects.filter(state=OutgoingState.WAITING).latest("due_at").due_at
        (rest,) = self.at(due)
        for text in (rest.body, html_of(rest)):
            assert "/me/notifications/" not in text
            assert "/follow/by-mail/" in text


class OneWorkerTests(TransactionTestCase):
    """Several workers plan an address that follows several things."""

    def setUp(self) -> None:
        author, writer = make_user("ada", "author"), make_user("sam", is_demo=True)
        for _n in range(4):
            post = make_post(author)
            make_question(post)
            follow(post.pk)
            comment = make_comment(post, writer)
        row = Subscription.objects.get(target_id=post.pk)
        now = timezone.now()
        outbox.queue_all([outbox.row_for_address(POST_COMMENT, row, comment.pk, comment.pk, now)])
        self.key = ReceiverKey(None, ADDRESS)

    def test_one_of_them_gets_it(self) -> None:
        def plan() -> bool:
            return planning.plan_for(self.key, timezone.now() + SOON)

        for _round in range(10):
            Outgoing.objects.update(state=OutgoingState.WAITING, mail=None, way="")
            at_once(*[plan] * 4)
            assert Outgoing.objects.get().state == OutgoingState.READY

    def test_a_second_worker_does_not_lock_another_subscription_of_it(self) -> None:
        if not connection.features.has_select_for_update_skip_locked:
            return
        with transaction.atomic():
            assert lock(self.key)

            def second() -> bool:
                with transaction.atomic():
                    return lock(self.key)

            assert at_once(second) == [False]

    def test_what_another_has_planned_keeps_its_mail(self) -> None:
        rows = list(Outgoing.objects.all())
        plan = planning.MailPlan()
        plan.mails[Way.SOON, None] = rows
        planning._store(plan, timezone.now())
        first = Outgoing.objects.get().mail
        planning._store(plan, timezone.now())
        assert Outgoing.objects.get().mail == first
