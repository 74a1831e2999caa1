"""Read the answer history of each reader, in the order of time."""

from collections import defaultdict

from django.db.models import QuerySet

from ..models import StanceRecord, StanceSource
from .audience import HeldAnswer, Recorded, history

# Sources of answers that may replace the one before.
_CORRECTIONS = {StanceSource.CORRECTION, StanceSource.RETAG}
# Rows fetched from the database at a time.
_AT_ONCE = 2_000


def answers_by_reader(records: "QuerySet[StanceRecord]") -> dict[int, list[HeldAnswer]]:
    """Return the answer history of each reader in `records` of one question; one query."""
    answers: dict[int, list[Recorded]] = defaultdict(list)
    columns = ("reader_id", "recorded_at", "stance_id", "comment_id", "source")
    rows = records.order_by("pk").values_list(*columns)
    for reader, at, stance, comment, source in rows.iterator(_AT_ONCE):
        record = Recorded(at.timestamp(), stance, comment, source in _CORRECTIONS)
        answers[reader].append(record)
    return {reader: history(own) for reader, own in answers.items()}
