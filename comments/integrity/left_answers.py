"""Checks that verdicts count only while their reader gives the answer they judged for."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from ..actions.settling import CLOSING_VERDICTS, STEELMAN_VERDICTS, Verdicts
from ..models import CurrentStance
from . import repairs
from .faults import Fault
from .queries import Window


def steelman_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the verdicts on best reasons that count although their reader left the answer."""
    return _counting(STEELMAN_VERDICTS, window)


def closing_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the verdicts on closings that count although their reader left the answer."""
    return _counting(CLOSING_VERDICTS, window)


def _counting(verdicts: Verdicts, window: Window) -> Iterator[Fault]:
    """Yield them, except of readers whose answer changed a moment ago and waits for a round."""
    changed = CurrentStance.objects.changed().filter(reader=OuterRef("reader"))
    for pk, reader in window.read(verdicts.left().filter(~Exists(changed)), "pk", "reader"):
        name = verdicts.model._meta.verbose_name
        message = f"{name} {pk}: it counts, and its reader has left the answer"
        yield Fault(message, repairs.FOLLOWED, reader)
