"""Moments as pages print them, where there are too many for the template's own filters."""

from datetime import datetime
from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.timezone import localtime
from django.utils.translation import get_language


def minute(when: datetime) -> str:
    """Return `when` as the filter `date:"j F Y, H:i"` does, in the site's time."""
    local = localtime(when)
    month = _months(get_language())[local.month]
    return f"{local.day} {month} {local.year}, {local.hour:02}:{local.minute:02}"


def iso(when: datetime) -> str:
    """Return `when` as the filter `date:"c"` does, in the site's time."""
    return localtime(when).isoformat()


@lru_cache
def _months(language: str) -> dict[int, str]:
    return {number: str(name) for number, name in MONTHS.items()}
