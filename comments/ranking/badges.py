"""When the badge "well argued across answers" comes and goes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import constants
from .lift import Evidence


@dataclass(frozen=True)
class Merit:
    """How a comment stands towards the badge.

    `passing_since` is when it began to earn it, `earned_at` when it did; `is_failing` says that at
    the last recomputation some side liked it less than its usual.
    """

    passing_since: datetime | None = None
    earned_at: datetime | None = None
    is_failing: bool = False

    def after(self, seen: Evidence, now: datetime, *, is_doubtful: bool) -> "Merit":
        """Return how it stands once `seen` is known; a doubtful one earns nothing."""
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
        """When a comment that earns the badge has waited long enough for it."""
        if self.passing_since is None or self.earned_at is not None:
            return None
        return self.passing_since + timedelta(seconds=constants.BADGE_WAIT)
