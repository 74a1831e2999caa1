"""Write cells of CSV that no spreadsheet runs, and read them back.

A spreadsheet takes a cell that begins with one of these characters for a formula (OWASP, "CSV
Injection"). With an apostrophe before it, it is text.
"""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TEXT = "'"


def defused(value: object) -> str:
    """Return `value` as a cell that is text in every spreadsheet; `restored` undoes it."""
    cell = str(value)
    return f"{_TEXT}{cell}" if cell.startswith((*RISKY, _TEXT)) else cell


def restored(cell: str) -> str:
    """Return what `defused` was given."""
    is_defused = cell.startswith(_TEXT) and cell[1:].startswith((*RISKY, _TEXT))
    return cell[1:] if is_defused else cell
