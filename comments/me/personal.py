"""Declare whose words the tables of the discussion hold, and erase those of a person."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from core import personal
from core.db.transactions import retried
from core.personal import Erase, Erasure, Holding, Rows, rows, stays
from posts.models import Post, SavedItem, Visit
from posts.personal import own_posts

from ..actions import changes_of_mind, reactions, states, steelmen
from ..closings import judging
from ..models import (
    ChangeOfMind,
    Closing,
    ClosingVerdict,
    Comment,
    CommentRevision,
    CommentState,
    Reaction,
    StanceRecord,
    SteelmanVerdict,
    TakenBack,
)
from ..models.moderation import Action, Decision, DecisionNote, Flag, SentenceToReaders
from ..moderation.states import FLAGGED
from ..reading import saving, visits

# Comments per transaction, so that locks are short. After a failure, erasing again continues.
BATCH = 50


def _erase_comments(erasure: Erasure) -> None:
    """Erase the texts of comments that nobody else can read, and of all if the person asks."""
    while _wipe_batch(erasure):
        pass
    CommentRevision.objects.filter(comment__author=erasure.person, is_public=False).delete()


@retried
def _wipe_batch(erasure: Erasure) -> int:
    """Erase the texts of the next `BATCH` comments and return how many there were."""
    comments = Comment.objects.filter(author=erasure.person).exclude(body="")
    if not erasure.delete_texts:
        comments = comments.filter(~Q(state=CommentState.PUBLISHED) | Q(deleted_at__isnull=False))
    batch = list(comments.select_related("author").order_by("post_id", "pk")[:BATCH])
    for comment in batch:
        states.mark_deleted(comment)
    ids = [comment.pk for comment in batch]
    CommentRevision.objects.filter(comment__in=ids).delete()
    Comment.objects.filter(pk__in=ids).update(body="", body_html="")
    return len(batch)


def _forget_reactions(erasure: Erasure) -> None:
    reactions.forget_reader(erasure.person)


def _forget_changes(erasure: Erasure) -> None:
    """Erase the credits given, answers to those received, and credited paragraphs of articles."""
    changes_of_mind.forget_reader(erasure.person)
    changes_of_mind.forget_disputes(erasure.person)
    if erasure.delete_texts:
        changes_of_mind.forget_paragraphs(own_posts(erasure.person))


def _forget_verdicts(erasure: Erasure) -> None:
    steelmen.forget_reader(erasure.person)
    judging.forget_reader(erasure.person)


def _erase_closings(erasure: Erasure) -> None:
    if erasure.delete_texts:
        judging.erase_written_by(erasure.person)


def _erase_notes(erasure: Erasure) -> None:
    """Erase notes about the person, notes to flags, and, if asked, those to other people."""
    Flag.objects.filter(reporter=erasure.person).exclude(note="").update(note="")
    notes = DecisionNote.objects.filter(decision__in=_decisions_about(erasure.person))
    notes.delete()
    if erasure.delete_texts:
        DecisionNote.objects.filter(decision__by=erasure.person).delete()


def _erase_sentences(erasure: Erasure) -> None:
    """Erase what the person told readers about closed discussions and locked threads, if asked."""
    if not erasure.delete_texts:
        return
    SentenceToReaders.objects.filter(decision__by=erasure.person).delete()
    for post in Post.objects.filter(decisions__by=erasure.person, closed_at__isnull=False):
        post.bump_page_version()


def _decisions_about(person: User) -> QuerySet[Decision]:
    about = Q(person=person) | Q(comment__author=person) | Q(change__giver=person)
    return Decision.objects.filter(about)


def _comments(person: User) -> Rows:
    """Return the comments of `person`, each with the `earlier_texts` it had before edits."""
    earlier: dict[int, Rows] = {}
    revisions = CommentRevision.objects.filter(comment__author=person)
    for row in rows(revisions, "comment_id", "number", "body", "written_at", "replaced_at"):
        earlier.setdefault(row.pop("comment_id"), []).append(row)
    comments = rows(
        Comment.objects.filter(author=person),
        "id",
        "post__slug",
        "parent_id",
        "kind",
        "stance__key",
        "argues_for__key",
        "body",
        "state",
        "held_reason",
        "removed_reason",
        "seen_totals",
        "created_at",
        "published_at",
        "edited_at",
        "deleted_at",
    )
    return [{**row, "earlier_texts": earlier.get(row["id"], [])} for row in comments]


def _answers(person: User) -> Rows:
    return rows(
        StanceRecord.objects.filter(reader=person),
        "question__post__slug",
        "version__text",
        "stance__key",
        "source",
        "comment_id",
        "seen_totals",
        "recorded_at",
    )


def _well_argued(person: User) -> Rows:
    return rows(Reaction.objects.filter(reader=person), "comment_id", "stance__key", "created_at")


def _well_argued_taken_back(person: User) -> Rows:
    return rows(TakenBack.objects.filter(reader=person), "pressed_at")


def _changes_of_mind(person: User) -> Rows:
    return rows(
        ChangeOfMind.objects.filter(giver=person),
        "comment_id",
        "paragraph",
        "kind",
        "words",
        "from_stance__key",
        "to_stance__key",
        "created_at",
        "revoked_at",
        "removed_at",
        "removed_reason",
    )


def _credits_answered(person: User) -> Rows:
    """Return the answers of `person` to credits of their comments, without the credits' words."""
    answered = ChangeOfMind.objects.filter(comment__author=person).exclude(
        confirmed_at=None, disputed_at=None
    )
    return rows(answered, "comment_id", "confirmed_at", "disputed_at", "dispute")


def _verdicts_on_best_reasons(person: User) -> Rows:
    judged = SteelmanVerdict.objects.filter(reader=person)
    return rows(judged, "comment_id", "stance__key", "is_fair", "judged_at")


def _closings_judged(person: User) -> Rows:
    judged = ClosingVerdict.objects.filter(reader=person)
    columns = ("closing__post__slug", "closing__number", "stance__key", "is_fair", "judged_at")
    return rows(judged, *columns)


def _closings_written(person: User) -> Rows:
    written = Closing.objects.filter(written_by=person)
    return rows(written, "post__slug", "number", "body", "written_at")


def _flags_raised(person: User) -> Rows:
    return rows(Flag.objects.filter(reporter=person), "comment_id", "reason", "note", "created_at")


def _decisions_about_me(person: User) -> Rows:
    """Return what was decided about the person, without what tells of flags alone."""
    of_flags = Q(action=Action.DISMISS) | Q(action=Action.REOPEN, state_after=FLAGGED)
    decisions = rows(
        _decisions_about(person).exclude(of_flags),
        "action",
        "reason",
        "comment_id",
        "change_id",
        "state_before",
        "state_after",
        "until",
        "decided_at",
        "note__text",
    )
    for row in decisions:
        for name in ("state_before", "state_after"):
            row[name] = "" if row[name] == FLAGGED else row[name]
    return decisions


def _decisions_by_me(person: User) -> Rows:
    return rows(
        Decision.objects.filter(by=person),
        "action",
        "reason",
        "comment_id",
        "change_id",
        "post_id",
        "decided_at",
        "note__text",
        "sentence_to_readers__text",
    )


def _forget_reading(erasure: Erasure) -> None:
    visits.forget_reader(erasure.person)
    saving.forget_reader(erasure.person)


def _visits(person: User) -> Rows:
    return rows(Visit.objects.filter(reader=person), "post__slug", "before", "seen", "seen_at")


def _saved(person: User) -> Rows:
    saved = SavedItem.objects.filter(reader=person)
    return rows(saved, "kind", "target_id", "post__slug", "saved_at")


def _without_words(name: str, model: str, download: Any, erase: Erase) -> Holding:
    return Holding(name=name, model=f"comments.{model}", erase=erase, download=download)


personal.declare(
    "comments",
    Holding(
        name="comments",
        model="comments.Comment",
        words=("body",),
        copies=("body_html",),
        erase=_erase_comments,
        download=_comments,
    ),
    # Listed with the comments.
    Holding(
        name="earlier_texts",
        model="comments.CommentRevision",
        words=("body",),
        copies=("body_html",),
        erase=_erase_comments,
        download=None,
    ),
    _without_words("answers", "StanceRecord", _answers, stays),
    _without_words("well_argued", "Reaction", _well_argued, _forget_reactions),
    _without_words(
        "well_argued_taken_back", "TakenBack", _well_argued_taken_back, _forget_reactions
    ),
    Holding(
        name="changes_of_mind",
        model="comments.ChangeOfMind",
        words=("words",),
        copies=("paragraph",),
        erase=_forget_changes,
        download=_changes_of_mind,
    ),
    Holding(
        name="credits_answered",
        model="comments.ChangeOfMind",
        words=("dispute",),
        erase=_forget_changes,
        download=_credits_answered,
    ),
    _without_words(
        "verdicts_on_best_reasons", "SteelmanVerdict", _verdicts_on_best_reasons, _forget_verdicts
    ),
    _without_words("closings_judged", "ClosingVerdict", _closings_judged, _forget_verdicts),
    Holding(name="visits", model="posts.Visit", erase=_forget_reading, download=_visits),
    Holding(name="saved", model="posts.SavedItem", erase=_forget_reading, download=_saved),
    Holding(
        name="closings_written",
        model="comments.Closing",
        words=("body",),
        copies=("body_html", "beginning"),
        erase=_erase_closings,
        download=_closings_written,
    ),
    Holding(
        name="closings_in_force",
        model="posts.Post",
        copies=("closing",),
        erase=_erase_closings,
        download=None,
    ),
    Holding(
        name="flags_raised",
        model="comments.Flag",
        words=("note",),
        erase=_erase_notes,
        download=_flags_raised,
    ),
    Holding(
        name="decisions_about_me",
        model="comments.DecisionNote",
        words=("text",),
        erase=_erase_notes,
        download=_decisions_about_me,
    ),
    Holding(
        name="decisions_by_me",
        model="comments.DecisionNote",
        words=("text",),
        erase=_erase_notes,
        download=_decisions_by_me,
    ),
    # Listed with the decisions.
    Holding(
        name="sentences_to_readers",
        model="comments.SentenceToReaders",
        words=("text",),
        erase=_erase_sentences,
        download=None,
    ),
)
personal.nobodys(
    "a code, one of a few words",
    comments__Comment="kind seen_totals state held_reason removed_reason",
    comments__StanceRecord="source seen_totals",
    comments__ChangeOfMind="kind removed_reason",
    comments__Closing="status",
    comments__Decision="action reason state_before state_after",
    comments__Flag="reason",
    posts__SavedItem="kind",
)
personal.nobodys("ids of comments", comments__Comment="path", comments__BranchMove="old_path")
personal.nobodys(
    "counts and ids, computed from rows",
    comments__Comment="well_argued minds_moved verdicts",
    comments__Appraisal="sides badge_sides",
    comments__Ranking="threads opening rates totals",
)
personal.nobodys("a hash of the text decided about, for the log", comments__Decision="body_sha256")
