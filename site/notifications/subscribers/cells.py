"""Write cells of CSV that no spreadsheet runs, and read them back.

A spreadsheet takes a cell that begins with one of these characters for a formula (OWASP, "CSV
Injection"). With an apostrophe before it, it is text. One that parts cells at another character
than we do begins a cell within ours, so the same is done there.
"""

import re

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TEXT = "'"
# What parts cells in some program: a semicolon where the comma is that of decimals.
_PARTING = r"[;,\t\r\n|\"]"
_BEGINS = rf"(?:\A|(?<={_PARTING}))"
_IS_RISKY = f"(?=[{re.escape(''.join(RISKY))}{_TEXT}])"
_DEFUSE, _RESTORE = re.compile(_BEGINS + _IS_RISKY), re.compile(_BEGINS + _TEXT + _IS_RISKY)


def defused(value: object) -> str:
    """Return `value` as a cell that is text in every spreadsheet; `restored` undoes it."""
    return _DEFUSE.sub(_TEXT, str(value))


def restored(cell: str) -> str:
    """Return what `defused` was given."""
    return _RESTORE.sub("", cell)
