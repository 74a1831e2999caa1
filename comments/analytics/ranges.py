"""Say how far the share of an answer may be off, as the answers of few readers tell. Pure.

The range is Wilson's interval (Wilson 1927) of 80 %: were the readers drawn by chance from many, it
would hold the share among all of those in eight of ten discussions.
"""

from math import ceil, floor
from typing import NamedTuple

from django.utils.translation import gettext as _

from ..ranking.lift import wilson_lower

# Tenths are a measure for words: "about 3 to 6 in 10".
_WHOLE = 10
# Digits to round to before cutting to tenths, since the float of 0.3 may be above or below it.
_EXACT = 9


class ShareRange(NamedTuple):
    """The lower and the upper end of a share, from 0 to 1."""

    low: float
    high: float

    @classmethod
    def of(cls, count: int, total: int) -> "ShareRange":
        """Return the range of the share of `count` in `total` readers, which is at least 1."""
        return cls(wilson_lower(count, total), 1 - wilson_lower(total - count, total))

    @property
    def percent(self) -> tuple[int, int]:
        """The ends in a hundred, rounded to whole ones."""
        return round(100 * self.low), round(100 * self.high)

    @property
    def width(self) -> float:
        """The distance between the ends."""
        return self.high - self.low

    def includes(self, share: float) -> bool:
        """Return whether `share` is within the range."""
        return self.low <= share <= self.high

    @property
    def words(self) -> str:
        """The range in words, rounded outwards to tenths."""
        low = floor(round(_WHOLE * self.low, _EXACT))
        high = ceil(round(_WHOLE * self.high, _EXACT))
        if not low:
            return _("at most about %(high)d in 10") % {"high": high}
        if high == _WHOLE:
            return _("at least about %(low)d in 10") % {"low": low}
        return _("about %(low)d to %(high)d in 10") % {"low": low, "high": high}
