"""Checks of the stored data: every derived figure is recounted, every tree and rule verified.

One statement reads a stored figure together with the rows it is derived from, so checks may run
while people write. Tables are read in windows of rows, so memory use does not grow with the data.
"""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from pictures.models import Picture
from posts.models import (
    Post,
    Question,
    Revision,
    SavedItem,
    SealedAnswer,
    Stance,
    StanceWording,
)

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
from . import (
    answer_history,
    closings,
    figures,
    left_answers,
    names,
    pictures,
    publication,
    reactions,
    rules,
    saved,
    storage,
    tree,
)
from .faults import Fault, Repair
from .queries import SMALL_WINDOW, WINDOW, Window, by_index, windows
from .storage import no_statement_timeout

__all__ = ["Fault", "Repair", "by_index", "faults", "no_statement_timeout"]

Check = Callable[[Window], Iterator[Fault]]

STORAGE = (storage.missing_triggers, storage.missing_constraints, storage.sequence_behind)
# After the check of every table, those of one.
CHECKS: dict[type[Model], tuple[Check, ...]] = {
    User: (
        publication.outdated_handle_keys,
        names.outdated_name_keys,
        names.clashing_names,
    ),
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
    SteelmanVerdict: (reactions.disagreeing_verdicts, left_answers.steelman_verdicts),
    Reaction: (reactions.disagreeing_reactions,),
    Appraisal: (reactions.miscomputed_lifts, reactions.disagreeing_badges),
    ClosingSide: (
        closings.miscounted_sides,
        closings.outdated_sides,
        closings.disagreeing_sides,
    ),
    Closing: (closings.wrong_closing_status,),
    ClosingVerdict: (closings.disagreeing_verdicts, left_answers.closing_verdicts),
    Citation: (closings.disagreeing_citations,),
    BranchMove: (tree.unfinished_moves,),
    CommentRevision: (publication.missing_comment_revisions,),
    Flag: (rules.disagreeing_flags,),
    StanceRecord: (
        answer_history.broken_chains,
        answer_history.unknown_answers,
        rules.disagreeing_records,
    ),
    CurrentStance: (answer_history.outdated_stances, answer_history.unapproved_answers),
    Post: (
        publication.wrong_revisions,
        publication.wrongly_closed,
        figures.miscounted_posts,
        closings.outdated_summaries,
    ),
    Revision: (publication.missing_revisions, publication.outdated_reading_times),
    Question: (publication.foreign_wordings,),
    StanceWording: (publication.outdated_stances,),
    Stance: (figures.miscounted_answers,),
    Picture: (pictures.missing_files,),
    SavedItem: (saved.misplaced_items,),
    SealedAnswer: (rules.disagreeing_seals, answer_history.unrecorded_openings),
}


def faults() -> Iterator[Fault]:
    """Yield every fault in the database, checks of the schema first."""
    for check_schema in STORAGE:
        yield from check_schema()
    own = rules.own_models()
    for model in (*own, *(other for other in apps.get_models() if other not in own)):
        size = SMALL_WINDOW if model in {Post, Stance} else WINDOW
        for window in windows(model, size):
            for check in (rules.broken_rows, *CHECKS.get(model, ())):
                yield from check(window)
