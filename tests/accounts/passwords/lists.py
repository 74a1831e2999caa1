"""Write lists of breached passwords for tests, in the format of the public one."""

from collections.abc import Iterable
from hashlib import sha1
from pathlib import Path


def hash_of(password: str) -> str:
    """Return the SHA-1 of `password` as the list writes it."""
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def write_list(
    path: Path, passwords: Iterable[str], *, ending: str = "\n", last: str = "\n", count: int = 3
) -> Path:
    """Write a list with lines of different lengths, each with `ending`, the last with `last`."""
    hashes = sorted(map(hash_of, passwords))
    counts = [count * 10 ** (number % 7) for number in range(len(hashes))]
    lines = [f"{each}:{many}" for each, many in zip(hashes, counts, strict=True)]
    path.write_bytes((ending.join(lines) + last).encode())
    return path
