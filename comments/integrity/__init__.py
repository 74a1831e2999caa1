"""Proof that the stored data is sound: every derived figure recounted, every tree walked.

A stored figure and the rows it follows from are read by one statement, so people may write
meanwhile. Tables are read in windows, so memory stays the same however much there is.
"""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from posts.models import Post, Question, Revision, SealedAnswer, Stance, StanceWording

from ..models import (
    Appraisal,
    BranchMove,
    ChangeOfMind,
    Citation,
    Closing,
    ClosingSide,
    ClosingVerdict,
    Comment,
    CommentRevision,
    CurrentStance,
    Flag,
    Reaction,
    StanceRecord,
    SteelmanVerdict,
)
from . import answer_history, closings, figures, publication, reactions, rules, storage, tree
from .faults import Fault, Repair
from .queries import SMALL_WINDOW, WINDOW, Window, by_index, windows
from .storage import unhurried

__all__ = ["Fault", "Repair", "by_index", "faults", "unhurried"]

Check = Callable[[Window], Iterator[Fault]]

STORAGE = (storage.guards_missing, storage.constraints_missing, storage.sequence_behind)
# Checks of every table, then those of one.
EVERYWHERE: tuple[Check, ...] = (rules.rows_pointing_nowhere, rules.broken_rules)
CHECKS: dict[type[Model], tuple[Check, ...]] = {
    User: (publication.misspelt_handles,),
    Comment: (
        tree.misplaced_comments,
        figures.wrongly_shown,
        figures.miscounted_replies,
        figures.lost_arrivals,
        reactions.miscounted_tallies,
        reactions.miscounted_minds,
        reactions.miscounted_verdicts,
        rules.disagreeing_comments,
    ),
    ChangeOfMind: (reactions.disagreeing_changes,),
    SteelmanVerdict: (reactions.disagreeing_verdicts,),
    Reaction: (reactions.disagreeing_reactions,),
    Appraisal: (reactions.misreckoned_lifts,),
    ClosingSide: (closings.miscounted_sides, closings.disagreeing_sides),
    Closing: (closings.misjudged_closings,),
    ClosingVerdict: (closings.disagreeing_verdicts,),
    Citation: (closings.disagreeing_citations,),
    BranchMove: (tree.unfinished_moves,),
    CommentRevision: (publication.missing_comment_revisions,),
    Flag: (rules.disagreeing_flags,),
    StanceRecord: (
        answer_history.broken_chains,
        answer_history.unknown_answers,
        rules.disagreeing_records,
    ),
    CurrentStance: (answer_history.outdated_stances,),
    Post: (publication.misfiled_posts, figures.miscounted_posts, closings.missummed_posts),
    Revision: (publication.missing_revisions,),
    Question: (publication.strayed_wordings,),
    StanceWording: (publication.misspelt_stances,),
    Stance: (figures.miscounted_answers,),
    SealedAnswer: (rules.disagreeing_seals, answer_history.unrecorded_openings),
}


def faults() -> Iterator[Fault]:
    """Yield every fault found; nothing where all is well."""
    for look in STORAGE:
        yield from look()
    own = rules.own_models()
    for model in (*own, *(other for other in apps.get_models() if other not in own)):
        size = SMALL_WINDOW if model in {Post, Stance} else WINDOW
        for window in windows(model, size):
            for check in (*EVERYWHERE, *CHECKS.get(model, ())):
                yield from check(window)
