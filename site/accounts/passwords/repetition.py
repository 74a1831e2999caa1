"""Find passwords that repeat so little that length does not make them better."""

from core.characters import is_visible

# Different visible characters.
FEWEST = 3
# Characters; a run of ten could be a password by itself (`LongEnough`).
LONGEST_RUN = 9


def is_repetition(password: str) -> bool:
    """Return whether `password` has fewer than `FEWEST` visible characters, or repeats a short run.

    A run counts when it fills the whole password, at least twice; its last turn may be cut short.
    """
    folded = password.casefold()
    longest = min(LONGEST_RUN, len(folded) // 2)
    repeats = any(folded[run:] == folded[:-run] for run in range(1, longest + 1))
    return repeats or len(set(filter(is_visible, folded))) < FEWEST
