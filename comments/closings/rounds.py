"""Let verdicts count that begin to, and those of readers who left their answer no more.

A round looks at verdicts that wait, by their index, and at those of readers whose answer has
changed since a round looked at it (`CurrentStance.followed`), not at all that count.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from django.db.models import F
from django.utils import timezone

from ..actions import steelmen
from ..actions.settling import CLOSING_VERDICTS, STEELMAN_VERDICTS
from ..models import CurrentStance
from . import judging, sides

# Answers that one round follows, the newest first; the next one goes on. First answers are among
# them, as many as a large site gets in a minute.
FOLLOWED_AT_ONCE = 1000


def settle_due() -> None:
    """Recount the best reasons and closings on which verdicts begin or end to count."""
    now = timezone.now()
    changed = _changed_answers()
    readers = {reader for _answer, _record, reader in changed}
    for rows in (STEELMAN_VERDICTS.waiting(now), STEELMAN_VERDICTS.left_by(readers)):
        steelmen.settle(rows, now)
    judging.settle(_closings(readers, now), now)
    _mark_followed(changed)


def _closings(readers: set[int], now: datetime) -> Iterable[int]:
    """Return the ids of the closings whose verdicts or sides are others now than is stored."""
    waiting = CLOSING_VERDICTS.waiting(now), CLOSING_VERDICTS.left_by(readers)
    found = [rows.values_list("closing", flat=True).distinct() for rows in waiting]
    return chain(*found, sides.outdated(now).values_list("closing", flat=True))


def _changed_answers() -> list[tuple[int, int, int]]:
    """Return the id, the record and the reader of answers that no round has followed yet."""
    rows = CurrentStance.objects.changed().order_by("-record")
    return list(rows.values_list("pk", "record", "reader")[:FOLLOWED_AT_ONCE])


def _mark_followed(changed: list[tuple[int, int, int]]) -> None:
    """Mark answers as followed, unless they changed again or a verdict still counts for another."""
    readers = [reader for _answer, _record, reader in changed]
    rows = (acts.left_by(readers) for acts in (STEELMAN_VERDICTS, CLOSING_VERDICTS))
    left = set(chain(*(each.values_list("reader", flat=True) for each in rows)))
    done = [(answer, record) for answer, record, reader in changed if reader not in left]
    answers, records = ([each[place] for each in done] for place in (0, 1))
    CurrentStance.objects.filter(pk__in=answers, record__in=records).update(followed=F("record"))
