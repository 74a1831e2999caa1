"""Moments as pages print them, where there are too many for the template's own filters."""

from datetime import datetime
from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.translation import override


def minute(local: datetime, language: str) -> str:
    """Return `local`, a moment in the zone it is shown in, as `date:"j F Y, H:i"` does."""
    month = _months(language)[local.month]
    return f"{local.day} {month} {local.year}, {local.hour:02}:{local.minute:02}"


@lru_cache
def _months(language: str) -> dict[int, str]:
    with override(language):
        return {number: str(name) for number, name in MONTHS.items()}
