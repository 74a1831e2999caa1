"""When a comment gains and loses the badge "respected across answers". Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from .evidence import Evidence


@dataclass(frozen=True)
class Merit:
    """Since when a comment has the badge, and whether it may lose it.

    `is_failing` says that at the last ranking some side liked it less than its usual.
    """

    earned_at: datetime | None = None
    is_failing: bool = False

    def after(self, seen: Evidence, now: datetime, *, is_doubtful: bool) -> "Merit":
        """Return the merit after a ranking found `seen`; a doubtful comment earns nothing.

        Doubt takes nothing away: else young accounts that praise a comment would.
        """
        if self.earned_at is not None:
            return self._kept(seen)
        return Merit(earned_at=now if seen.earns and not is_doubtful else None)

    def _kept(self, seen: Evidence) -> "Merit":
        if seen.is_gone or (self.is_failing and not seen.pleases_all):
            return Merit()
        return replace(self, is_failing=not seen.pleases_all)
