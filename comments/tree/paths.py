"""Materialised paths: the position of a comment in its tree, as text that sorts in tree order.

A path is the parent's path followed by the comment's own row id in base 36, seven digits wide.
Seven digits hold 78 billion ids. Nothing is ever renumbered, and a parent's path is a prefix of
the paths of all its descendants.
"""

# Digits per comment.
WIDTH = 7
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Sorts after every digit, so that `path + LAST` is an upper bound of the paths of a branch.
LAST = "~"


def segment(row_id: int) -> str:
    """Return the `WIDTH` base-36 digits of `row_id`; raises `ValueError` if it does not fit."""
    if not 0 < row_id < 36**WIDTH:
        raise ValueError(f"{row_id} does not fit into a path")
    digits = ""
    while row_id:
        row_id, digit = divmod(row_id, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(WIDTH, "0")


def child(parent_path: str, row_id: int) -> str:
    """Return the path of the comment `row_id` under the comment at `parent_path` ("" for none)."""
    return parent_path + segment(row_id)


def row_ids(path: str) -> list[int]:
    """Return the row ids in `path`, from the root to the comment itself."""
    return [int(path[start : start + WIDTH], 36) for start in range(0, len(path), WIDTH)]


def depth(path: str) -> int:
    """Return how many ancestors the comment at `path` has."""
    return len(path) // WIDTH - 1
