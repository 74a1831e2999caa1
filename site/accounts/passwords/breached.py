"""Look a password up in the public list of breached ones, a sorted file of SHA-1 hashes.

The file has a line `HASH:COUNT` for each password, in hexadecimal and sorted by hash. It has tens
of gigabytes, so it is searched by seeking: some forty short reads, and nothing is kept in memory.
"""

import re
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

_LINE = re.compile(rb"([0-9A-F]{40})(?::(\d+))?\s*\Z", re.IGNORECASE)
# Bytes; longer than any line of the list.
_LINE_MOST = 80


def why_unusable(path: Path) -> str:
    """Return a sentence about why the file at `path` cannot be searched; empty if it can."""
    try:
        with path.open("rb") as file:
            first = file.readline(_LINE_MOST)
    except OSError:
        return "must be the path of a file that can be read."
    if not _LINE.match(first):
        return "must name a file with lines HASH:COUNT, of SHA-1 hashes in order."
    return ""


def is_listed(password: str, path: Path) -> bool:
    """Return whether the list at `path` counts `password` at least once.

    Raises OSError if the file cannot be read.
    """
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        found = _LINE.match(_first_line_not_before(file, wanted))
    return bool(found and found[1].upper() == wanted and int(found[2] or 1) > 0)


def _first_line_not_before(file: BinaryIO, wanted: bytes) -> bytes:
    """Return the first line that does not sort before `wanted`; empty if there is none."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        line = _line_from(file, middle)
        if line and line[: len(wanted)].upper() < wanted:
            low = middle + 1
        else:
            high = middle
    return _line_from(file, low)


def _line_from(file: BinaryIO, place: int) -> bytes:
    """Return the first line that begins at the byte `place` or after it."""
    if place:
        # One byte earlier, so that a line that begins exactly there is not skipped.
        file.seek(place - 1)
        file.readline(_LINE_MOST)
    else:
        file.seek(0)
    return file.readline(_LINE_MOST)
