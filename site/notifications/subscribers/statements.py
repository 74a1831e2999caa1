"""Understand what cells of a list state: a yes, a no, a place, the status of a subscriber.

Upper and lower case, spaces and signs make no difference.
"""

import unicodedata
from collections.abc import Iterable
from enum import Enum

_YES = {"true", "t", "yes", "y", "1", "on", "ja", "oui", "si", "sí", "sì", "sim"}
_NO = {"false", "f", "no", "n", "0", "off", "never", "nein", "non", "nee", "não", "nao"}
# How programs write that they know nothing.
_NOTHING = {"none", "null", "nil", "nan", "na", "unknown", "undefined", "notgiven", "noconsent"}
_SUBSCRIBED = {"subscribed", "active", "confirmed", "enabled"}
# What programs call those who get no e-mail any more, by their own wish or as it does not arrive.
_OUT = {
    *("unsubscribed", "unsubscribe", "unsub", "optedout", "optout", "cancelled", "canceled"),
    *("withdrawn", "revoked", "refused", "declined", "denied", "donotcontact", "donotemail"),
    *("cleaned", "bounced", "bounce", "hardbounced", "hardbounce", "softbounced", "undeliverable"),
    *("invalid", "complained", "complaint", "complaints", "spam", "spamcomplaint", "junk"),
    *("markedasspam", "reportedasspam", "abuse", "suppressed", "blocked", "blocklisted"),
    *("blacklisted", "banned", "disabled", "inactive", "archived", "deleted", "removed"),
}
_NO_PLACES = _YES | _NO | _NOTHING | _SUBSCRIBED | _OUT


class Status(Enum):
    """Whether a subscriber gets e-mail."""

    SUBSCRIBED = "subscribed"
    OUT = "out"
    # Waits for a confirmation, has agreed to no newsletter, or is called as nothing we know.
    UNSURE = "unsure"


def is_no(cell: str) -> bool:
    """Return whether `cell` is a no."""
    return _plain(cell) in _NO


def is_filled(cell: str) -> bool:
    """Return whether `cell` states anything but a no: signs alone state nothing."""
    return bool(_plain(cell)) and _plain(cell) not in _NO | _NOTHING


def is_place(cell: str) -> bool:
    """Return whether `cell` can name a place: it has a letter, and is no yes, no or status."""
    plain = _plain(cell)
    return any(map(str.isalpha, plain)) and plain not in _NO_PLACES


def is_out(cell: str) -> bool:
    """Return whether `cell` as a whole says that a subscriber gets no e-mail any more."""
    return _plain(cell) in _OUT


def status_of(cells: Iterable[str]) -> Status:
    """Return the status that `cells` state together; signs alone state nothing."""
    said = [cell for cell in cells if _plain(cell)]
    if any(is_out(part) for cell in said for part in [cell, *_words(cell)]):
        return Status.OUT
    is_sure = all(_plain(cell) in _SUBSCRIBED for cell in said)
    return Status.SUBSCRIBED if is_sure else Status.UNSURE


def _plain(cell: str) -> str:
    """Return the letters and digits of `cell`, in small letters."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", cell).casefold()))


def _words(cell: str) -> list[str]:
    """Return the words of a cell such as "Unsubscribed (bounced)" or "bounced: hard"."""
    return "".join(each if each.isalnum() else " " for each in cell).split()
