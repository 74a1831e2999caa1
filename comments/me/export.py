"""The export of everything the site holds about one person, and nothing about anyone else."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from posts.models import SealedAnswer

from ..models import (
    ChangeOfMind,
    Closing,
    ClosingVerdict,
    Comment,
    CommentRevision,
    Reaction,
    StanceRecord,
    SteelmanVerdict,
    TakenBack,
)
from ..models.moderation import Decision, Flag

Rows = list[dict[str, Any]]


def export_of(person: User) -> dict[str, Any]:
    """Return everything stored about `person`, in values that `DjangoJSONEncoder` takes.

    A row is a dict of columns; times are in UTC. The people who decided about them, flagged them or
    answered them are left out: that is other people's data.
    """
    return {
        "made_at": timezone.now(),
        "account": _account(person),
        "comments": _comments(person),
        "answers": _answers(person),
        "sealed_answers": _sealed_answers(person),
        "well_argued": _well_argued(person),
        "well_argued_taken_back": _well_argued_taken_back(person),
        "changes_of_mind": _changes_of_mind(person),
        "verdicts_on_best_reasons": _verdicts_on_best_reasons(person),
        "closings_judged": _closings_judged(person),
        "posts": _posts(person),
        "closings_written": _closings_written(person),
        "flags_raised": _flags_raised(person),
        "notifications": _notifications(person),
        "suspensions": _suspensions(person),
        "decisions_about_me": _decisions_about(person),
        "decisions_by_me": _decisions_by(person),
    }


def _account(person: User) -> dict[str, Any]:
    return {
        "handle": person.handle,
        "name": person.name,
        "email": person.email,
        "email_addresses": _rows(
            person.emailaddress_set.all(),  # type: ignore[attr-defined]
            "email",
            "verified",
            "primary",
        ),
        "former_handles": _rows(person.former_handles.all(), "handle", "released_at"),
        "roles": sorted(person.roles | person.waiting_roles),
        "second_factors": _rows(
            person.authenticator_set.annotate(name=F("data__name")),  # type: ignore[attr-defined]
            "type",
            "name",
            "created_at",
            "last_used_at",
        ),
        "joined_at": person.joined_at,
        "last_login": person.last_login,
        "suspended_until": person.suspended_until,
        "banned_at": person.banned_at,
        "nudge_dismissed_at": person.nudge_dismissed_at,
    }


def _comments(person: User) -> Rows:
    """Return the comments of `person`, each with the `earlier_texts` it had before edits."""
    earlier: dict[int, Rows] = {}
    revisions = CommentRevision.objects.filter(comment__author=person)
    for row in _rows(revisions, "comment_id", "number", "body", "written_at", "replaced_at"):
        earlier.setdefault(row.pop("comment_id"), []).append(row)
    comments = _rows(
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
    return _rows(
        StanceRecord.objects.filter(reader=person),
        "question__post__slug",
        "version__text",
        "stance__key",
        "source",
        "comment_id",
        "seen_totals",
        "recorded_at",
    )


def _sealed_answers(person: User) -> Rows:
    return _rows(
        SealedAnswer.objects.filter(author=person),
        "question__post__slug",
        "version__text",
        "stance__key",
        "opens_at",
        "opens_after",
        "sealed_at",
        "opened_at",
        "withdrawn_at",
    )


def _well_argued(person: User) -> Rows:
    return _rows(Reaction.objects.filter(reader=person), "comment_id", "stance__key", "created_at")


def _well_argued_taken_back(person: User) -> Rows:
    return _rows(TakenBack.objects.filter(reader=person), "pressed_at")


def _changes_of_mind(person: User) -> Rows:
    return _rows(
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


def _verdicts_on_best_reasons(person: User) -> Rows:
    return _rows(
        SteelmanVerdict.objects.filter(reader=person),
        "comment_id",
        "stance__key",
        "is_fair",
        "judged_at",
    )


def _closings_judged(person: User) -> Rows:
    return _rows(
        ClosingVerdict.objects.filter(reader=person),
        "closing__post__slug",
        "closing__number",
        "stance__key",
        "is_fair",
        "judged_at",
    )


def _posts(person: User) -> Rows:
    return _rows(person.posts.all(), "slug", "created_at", "published_at", "newest_revision__title")


def _closings_written(person: User) -> Rows:
    return _rows(
        Closing.objects.filter(written_by=person), "post__slug", "number", "body", "written_at"
    )


def _flags_raised(person: User) -> Rows:
    return _rows(Flag.objects.filter(reporter=person), "comment_id", "reason", "note", "created_at")


def _notifications(person: User) -> Rows:
    return _rows(
        Notification.objects.filter(recipient=person), "kind", "subject_id", "created_at", "read_at"
    )


def _suspensions(person: User) -> Rows:
    return _rows(person.suspensions.all(), "reason", "started_at", "ends_at", "lifted_at")


def _decisions_about(person: User) -> Rows:
    about = Q(person=person) | Q(comment__author=person) | Q(change__giver=person)
    return _rows(
        Decision.objects.filter(about),
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


def _decisions_by(person: User) -> Rows:
    return _rows(
        Decision.objects.filter(by=person),
        "action",
        "reason",
        "comment_id",
        "change_id",
        "decided_at",
    )


def _rows(rows: QuerySet[Any], *columns: str) -> Rows:
    """Return `columns` of `rows` in order of id; "a__b" becomes the key "a_b"."""
    return [
        {name.replace("__", "_"): value for name, value in row.items()}
        for row in rows.order_by("pk").values(*columns)
    ]
