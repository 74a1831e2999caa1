"""Reading where readers stood in the course of time, each one's answers in order."""

from collections import defaultdict

from django.db.models import QuerySet

from ..models import StanceRecord, StanceSource
from .audience import HeldAnswer, history

# They act as if said in the first place.
_CORRECTIONS = {StanceSource.CORRECTION, StanceSource.RETAG}
# Rows that the database hands over at a time.
_AT_ONCE = 2_000


def answers_by_reader(records: "QuerySet[StanceRecord]") -> dict[int, list[HeldAnswer]]:
    """Return the answers that `records` of one question hold, by reader, in one query."""
    said: dict[int, list[tuple[float, int | None, bool]]] = defaultdict(list)
    rows = records.order_by("pk").values_list("reader_id", "recorded_at", "stance_id", "source")
    for reader, at, stance, source in rows.iterator(_AT_ONCE):
        said[reader].append((at.timestamp(), stance, source in _CORRECTIONS))
    return {reader: history(theirs) for reader, theirs in said.items()}
