"""Test the rules of notifying: once, the strongest reason, and not of one's own act."""

from collections.abc import Callable, Iterable
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from accounts.models import User
from comments.me import erasure
from notifications import kinds
from notifications.actions import News, notify, notify_all
from notifications.kinds import Group, NotificationKind
from notifications.models import Notification, Unsent
from tests.cast import Cast

GROUP = Group("tests", "Tests")
WEAK = NotificationKind("test_weak", GROUP, "test")
OTHER = NotificationKind("test_other", GROUP, "test")
STRONG = NotificationKind("test_strong", GROUP, "test", strength=1)
APART = NotificationKind("test_apart", GROUP, "another")


def in_bulk(kind: NotificationKind, event: News, *, cause: User | None) -> None:
    notify_all(kind, [event], cause=cause)


WAYS: Iterable[Callable[..., Any]] = (notify, in_bulk)


class NotifyTests(Cast):
    """One at a time, and many at once: the rules are the same."""

    def setUp(self) -> None:
        self.enterContext(patch.dict(kinds._kinds))
        kinds.register(WEAK, OTHER, STRONG, APART)

    def told(self) -> list[tuple[str, int]]:
        rows = Notification.objects.filter(recipient=self.reader).order_by("pk")
        return list(rows.values_list("kind", "subject_id"))

    def send(
        self, way: Any, *what: tuple[NotificationKind, int], cause: User | None = None
    ) -> list[Any]:
        Notification.objects.all().delete()
        for kind, subject in what:
            way(kind, News(self.reader.pk, subject, target=7), cause=cause)
        return self.told()

    def test_one_of_each_target_and_the_strongest_reason(self) -> None:
        for way in WAYS:
            with self.subTest(way.__name__):
                assert self.send(way, (WEAK, 1), (WEAK, 1)) == [("test_weak", 1)]
                assert self.send(way, (WEAK, 1), (STRONG, 2)) == [("test_strong", 2)]
                assert self.send(way, (STRONG, 2), (WEAK, 1)) == [("test_strong", 2)]
                assert self.send(way, (WEAK, 1), (OTHER, 2)) == [("test_other", 2)]
                both = [("test_weak", 1), ("test_apart", 1)]
                assert self.send(way, (WEAK, 1), (APART, 1)) == both

    def test_what_takes_a_place_is_new_and_unread(self) -> None:
        """Its id is new too, so that marking an older page as read does not mark it."""
        for way in WAYS:
            with self.subTest(way.__name__):
                self.send(way, (WEAK, 1))
                before = Notification.objects.get()
                Notification.objects.update(read_at=timezone.now())
                way(WEAK, News(self.reader.pk, 1, target=7), cause=None)
                assert Notification.objects.get().read_at is not None
                way(WEAK, News(self.reader.pk, 2, target=7), cause=None)
                after = Notification.objects.get()
                assert after.pk > before.pk
                assert after.read_at is None

    def test_nobody_is_told_of_their_own_act_nor_of_one_by_somebody_suspended(self) -> None:
        for way in WAYS:
            for cause in (self.reader, self.suspended):
                with self.subTest(way.__name__, cause=cause.handle):
                    assert self.send(way, (WEAK, 1), cause=cause) == []
            assert len(self.send(way, (WEAK, 1), cause=self.stranger)) == 1

    def test_an_erased_account_is_told_of_nothing(self) -> None:
        erasure.erase(self.reader, delete_texts=False)
        for way in WAYS:
            with self.subTest(way.__name__):
                assert self.send(way, (WEAK, 1)) == []

    def test_what_is_left_out_is_recorded_with_its_reason(self) -> None:
        for way in WAYS:
            with self.subTest(way.__name__):
                Unsent.objects.all().delete()
                self.send(way, (STRONG, 2), (WEAK, 1), (WEAK, 1), (STRONG, 2))
                assert self.unsent() == [("stronger", "test_weak", 1)]
                self.send(way, (WEAK, 1), cause=self.reader)
                assert len(self.unsent()) == 1, "one's own act is nothing to list"
                self.send(way, (WEAK, 5), cause=self.suspended)
                assert self.unsent()[1:] == [("cause", "test_weak", 5)]

    def unsent(self) -> list[tuple[str, str, int]]:
        rows = Unsent.objects.filter(recipient=self.reader).order_by("pk")
        return list(rows.values_list("reason", "kind", "subject_id"))

    def test_many_people_are_told_of_one_target(self) -> None:
        people = (self.reader, self.stranger)
        for subject in (1, 2):
            notify_all(WEAK, (News(each.pk, subject, target=7) for each in people), cause=None)
        assert {row.subject_id for row in Notification.objects.all()} == {2}
        assert Notification.objects.count() == 2

    def test_rows_from_before_targets_stand_beside_new_ones(self) -> None:
        Notification.objects.bulk_create(
            Notification(recipient=self.reader, kind="test_weak", subject_id=subject)
            for subject in (1, 2)
        )
        notify(WEAK, News(self.reader.pk, 2, target=7), cause=None)
        notify(WEAK, News(self.reader.pk, 3, target=7), cause=None)
        assert [subject for _kind, subject in self.told()] == [1, 2, 3]
