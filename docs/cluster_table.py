"""Compute how many of six accounts that press alike count as one, beside readers who do not.

`python docs/cluster_table.py` prints the figures of "Limits" in the method. Six
accounts press the same eight of a hundred comments. The others press popular comments more often:
the first one six times as often as the thirtieth.
"""

import sys
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from comments.ranking.clusters import clusters  # noqa: E402

DRAWS, SEED = 500, 16
COMMENTS, ALIKE, PUSHED = range(100), 6, 8
POPULARITY = [1 / (1 + comment / 5) for comment in COMMENTS]
# Readers beside them, and how often each presses.
CROWDS = ((60, 10), (30, 10), (30, 5))


def shares(readers: int, presses: int, draws: int = DRAWS) -> tuple[float, float]:
    """Return the share of the six that count as one, and of the readers that are merged wrongly."""
    random = Random(f"{SEED} {readers} {presses}")  # noqa: S311  (no secret)
    caught = wrong = 0
    for _draw in range(draws):
        pressed = {
            reader: set(random.choices(COMMENTS, POPULARITY, k=presses))
            for reader in range(readers)
        }
        alike = range(readers, readers + ALIKE)
        pushed = set(random.sample(COMMENTS, PUSHED))
        found = clusters(pressed | dict.fromkeys(alike, pushed))
        caught += sum(found[one] == readers for one in alike)
        wrong += sum(found.get(reader, reader) != reader for reader in range(readers))
    return caught / (draws * ALIKE), wrong / (draws * readers)


if __name__ == "__main__":
    for crowd in CROWDS:
        caught, wrong = shares(*crowd)
        sys.stdout.write(f"{crowd}: {caught:.1%} caught, {wrong:.2%} of readers merged\n")
