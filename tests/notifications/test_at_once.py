"""Test simultaneous causes of one notification: the strongest reason stays, once."""

from unittest.mock import patch

from django.test import TransactionTestCase

from core.db.transactions import retried
from notifications import kinds
from notifications.actions import News, notify, notify_all
from notifications.kinds import Group, NotificationKind
from notifications.models import Notification
from tests.at_once import at_once
from tests.factories import make_user

GROUP = Group("tests", "Tests")
KINDS = [NotificationKind(f"test_{number}", GROUP, "test", number // 2) for number in range(5)]
STRONGEST = KINDS[-1]
# Each round is a race of its own; the fault of a lost race shows in one of three.
ROUNDS = 12


class SimultaneousTests(TransactionTestCase):
    """Five causes at once, of which the last is the strongest."""

    def setUp(self) -> None:
        self.enterContext(patch.dict(kinds._kinds))
        kinds.register(*KINDS)
        self.person = make_user("robin")

    def cause(self, way: int, number: int, target: int) -> None:
        news = News(self.person.pk, subject=target, target=target)
        if way == number % 2:
            retried(notify)(KINDS[number], news, cause=None)
        else:
            retried(notify_all)(KINDS[number], [news], cause=None)

    def test_the_strongest_of_five_causes_stays(self) -> None:
        for target in range(1, ROUNDS + 1):
            way = target % 3
            if target % 2:
                self.cause(way, 0, target)
            results = at_once(
                *(
                    lambda number=number: self.cause(way, number, target)  # noqa: B023
                    for number in range(len(KINDS))
                )
            )
            assert results == [None] * len(KINDS), results
            stored = Notification.objects.filter(target_id=target).values_list("kind", flat=True)
            assert list(stored) == [STRONGEST.name]

    def test_one_event_told_five_times_at_once_is_one(self) -> None:
        at_once(*[lambda: self.cause(0, 1, target=7)] * 5)
        assert Notification.objects.count() == 1
