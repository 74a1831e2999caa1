"""Moments as pages print them, where there are too many for the template's own filters."""

from datetime import datetime
from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.translation import get_language


def minute(local: datetime) -> str:
    """Return `local`, a moment in the zone it is shown in, as `date:"j F Y, H:i"` does."""
    month = _months(get_language())[local.month]
    return f"{local.day} {month} {local.year}, {local.hour:02}:{local.minute:02}"


@lru_cache
def _months(language: str) -> dict[int, str]:
    return {number: str(name) for number, name in MONTHS.items()}
