"""Test the record of what was not sent: one row an event, for thirty days."""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from notifications import unsent
from notifications.models import Notification, Unsent, UnsentReason
from tests.cast import Cast


class UnsentTests(Cast):
    """What `unsent.record` stores, and for how long."""

    def event(self, subject: int = 1) -> Notification:
        return Notification(
            recipient=self.reader, kind="reply", subject_id=subject, target="comment", target_id=7
        )

    def test_one_event_has_one_row_with_the_first_reason(self) -> None:
        for reason in (UnsentReason.MUTED, UnsentReason.DAILY_LIMIT, UnsentReason.MUTED):
            unsent.record(reason, [self.event()])
        row = Unsent.objects.get()
        assert (row.reason, row.kind, row.subject_id, row.target_id) == ("muted", "reply", 1, 7)

    def test_only_the_day_is_stored_of_a_concealed_reason(self) -> None:
        for number, reason in enumerate(UnsentReason):
            unsent.record(reason, [self.event(number)])
            stored = Unsent.objects.get(subject_id=number).created_at
            is_a_day = (stored.hour, stored.minute, stored.second, stored.microsecond) == (0,) * 4
            assert is_a_day == reason.is_concealed

    def test_rows_are_deleted_after_thirty_days_in_batches(self) -> None:
        unsent.record(UnsentReason.MUTED, [self.event(number) for number in range(7)])
        old = timezone.now() - timedelta(days=unsent.KEPT_DAYS, minutes=1)
        kept = old + timedelta(minutes=2)
        Unsent.objects.filter(subject_id__lt=5).update(created_at=old)
        Unsent.objects.filter(subject_id=5).update(created_at=kept)
        with patch.object(unsent, "BATCH", 2):
            assert unsent.forget_old() == 5
            assert unsent.forget_old() == 0
        assert set(Unsent.objects.values_list("subject_id", flat=True)) == {5, 6}

    def test_one_round_deletes_no_more_than_its_batches(self) -> None:
        unsent.record(UnsentReason.MUTED, [self.event(number) for number in range(7)])
        Unsent.objects.update(created_at=timezone.now() - timedelta(days=99))
        with patch.multiple(unsent, BATCH=2, BATCHES=2):
            assert unsent.forget_old() == 4
