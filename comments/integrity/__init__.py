"""Proof that the stored data is sound: every derived figure recounted, every tree walked.

Each check is one statement that reads the stored figure together with the rows it follows from,
so people may write meanwhile, and it streams: memory stays the same however much there is.
"""

from collections.abc import Iterator
from itertools import chain

from . import figures, ledger, publication, rules, storage, tree
from .storage import unhurried

__all__ = ["faults", "unhurried"]

CHECKS = (
    storage.guards_missing,
    storage.constraints_missing,
    storage.rows_pointing_nowhere,
    storage.sequence_behind,
    rules.broken_rules,
    rules.disagreeing_rows,
    tree.misplaced_comments,
    figures.wrongly_shown,
    figures.miscounted,
    ledger.broken_chains,
    ledger.outdated_stances,
    publication.misfiled_texts,
    publication.misspelt_words,
)


def faults() -> Iterator[str]:
    """Yield a line for every fault found; nothing where all is well."""
    return chain.from_iterable(check() for check in CHECKS)
