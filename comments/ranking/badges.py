"""When a comment gains and loses the badge "well argued across answers". Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import constants
from .lift import Evidence


@dataclass(frozen=True)
class Merit:
    """The progress of a comment towards the badge.

    `passing_since` is the time from which its figures suffice, `earned_at` when it got the badge;
    `is_failing` says that at the last ranking some side liked it less than its usual.
    """

    passing_since: datetime | None = None
    earned_at: datetime | None = None
    is_failing: bool = False

    def after(self, seen: Evidence, now: datetime, *, is_doubtful: bool) -> "Merit":
        """Return the progress after a ranking found `seen`; a doubtful comment earns nothing."""
        if self.earned_at is not None:
            return self._kept(seen, is_doubtful=is_doubtful)
        if not seen.earns or is_doubtful:
            return Merit()
        if self.passing_since is None:
            return Merit(passing_since=now)
        waited = now - self.passing_since >= timedelta(seconds=constants.BADGE_WAIT)
        return replace(self, earned_at=now if waited else None)

    def _kept(self, seen: Evidence, *, is_doubtful: bool) -> "Merit":
        if seen.falls_short or is_doubtful or (self.is_failing and not seen.pleases_all):
            return Merit()
        return replace(self, is_failing=not seen.pleases_all)

    @property
    def waits_until(self) -> datetime | None:
        """The time from which the comment has the badge; None if it has, or does not earn it."""
        if self.passing_since is None or self.earned_at is not None:
            return None
        return self.passing_since + timedelta(seconds=constants.BADGE_WAIT)
