"""Read the answer history of each reader, in the order of time."""

from collections import defaultdict

from django.db.models import QuerySet

from ..models import StanceRecord, StanceSource
from .audience import HeldAnswer, history

# Sources of answers that replace the one before, from its time on.
_CORRECTIONS = {StanceSource.CORRECTION, StanceSource.RETAG}
# Rows fetched from the database at a time.
_AT_ONCE = 2_000


def answers_by_reader(records: "QuerySet[StanceRecord]") -> dict[int, list[HeldAnswer]]:
    """Return the answer history of each reader in `records` of one question; one query."""
    answers: dict[int, list[tuple[float, int | None, bool]]] = defaultdict(list)
    rows = records.order_by("pk").values_list("reader_id", "recorded_at", "stance_id", "source")
    for reader, at, stance, source in rows.iterator(_AT_ONCE):
        answers[reader].append((at.timestamp(), stance, source in _CORRECTIONS))
    return {reader: history(own) for reader, own in answers.items()}
