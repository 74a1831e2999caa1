"""Read the current site profile without a query, in every process within a second of a change.

Versions never change, so a process keeps the newest it knows. A page that reads the site edition
reads the number of the newest version in the same query (`newest_number`) and calls `saw`;
everything else asks for the number when it last did so `PROFILE_CHECK_SECONDS` ago.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone, translation

from .models import SiteProfile


@dataclass(frozen=True)
class _Known:
    """The newest profile that this process knows, and when it asked (time.monotonic())."""

    profile: SiteProfile
    asked: float


_known: _Known | None = None
_shown: ContextVar[SiteProfile | None] = ContextVar("shown", default=None)


def current() -> SiteProfile:
    """Return the profile that pages show, with what the environment sets of it."""
    shown = _shown.get()
    if shown is not None:
        return shown
    known = _known
    if known is None or time.monotonic() - known.asked > settings.PROFILE_CHECK_SECONDS:
        return saw(newest_number().first() or 0)
    return known.profile


def last_known() -> SiteProfile:
    """Return the newest profile that this process knows, without a query, for pages of failures.

    A process that knows none calls the site by its host.
    """
    shown = _shown.get()
    if shown is not None or _known is not None:
        return shown or _known.profile  # type: ignore[union-attr]
    return with_environment(
        SiteProfile(number=0, name=urlsplit(settings.SITE_URL).hostname or "", tagline="")
    )


def newest_number() -> "QuerySet[SiteProfile, int]":
    """Return the query of the newest version's number, to run alone or as a subquery."""
    return SiteProfile.objects.order_by("-number").values_list("number", flat=True)[:1]


def saw(number: int | None) -> SiteProfile:
    """Return the newest profile known, having seen in the database that `number` is the newest.

    The page being made shows times in its zone and words in its language from here on.
    """
    asked, known = time.monotonic(), _known
    if known is None or known.profile.number < (number or 0):
        profile = _load(number or 0)
    else:
        profile = known.profile
    know(profile, asked)
    activate(profile)
    return profile


def know(profile: SiteProfile | None, asked: float | None = None) -> None:
    """Take `profile` for the newest since `asked` (time.monotonic()), or know none, as at first."""
    global _known
    _known = _Known(profile, asked or time.monotonic()) if profile else None


def activate(profile: SiteProfile) -> None:
    """Show times in the zone of `profile`, and words in its language, from here on."""
    timezone.activate(profile.zone)
    translation.activate(profile.language)


@contextmanager
def showing(profile: SiteProfile) -> Iterator[None]:
    """Let everything rendered in the block show `profile`, which need not be saved."""
    token = _shown.set(profile)
    try:
        with timezone.override(profile.zone), translation.override(profile.language):
            yield
    finally:
        _shown.reset(token)


def with_environment(profile: SiteProfile) -> SiteProfile:
    """Return `profile`, having set what the environment sets of it."""
    for field, (_variable, value) in settings.PROFILE_FROM_ENVIRONMENT.items():
        setattr(profile, field, value)
    return profile


def _load(number: int) -> SiteProfile:
    """Return version `number`, or that of a new site for 0."""
    if not number:
        return with_environment(SiteProfile.of_new_site())
    saved = SiteProfile.objects.select_related(*SiteProfile.PICTURES)
    return with_environment(saved.get(number=number))


def activate_last_known() -> None:
    """Activate zone and language of the profile; of the last one known if the database fails."""
    try:
        profile = current()
    except DatabaseError:
        profile = last_known()
    activate(profile)
