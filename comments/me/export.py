"""Everything the site holds about one person, as plain data. Nothing about anyone else."""

from typing import Any

from django.db.models import Q, QuerySet
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


def export_of(person: User) -> dict[str, Any]:
    """Return what is known of `person`, in values that JSON can hold; times are in UTC.

    Who decided about them, flagged them or answered them stays out: that is other people's data.
    """
    return {
        "made_at": timezone.now(),
        "account": _account(person),
        "comments": _comments(person),
        "answers": _answers(person),
        "sealed_answers": _rows(
            SealedAnswer.objects.filter(author=person),
            "question__post__slug",
            "version__text",
            "stance__key",
            "opens_at",
            "opens_after",
            "sealed_at",
            "opened_at",
            "withdrawn_at",
        ),
        "well_argued": _rows(
            Reaction.objects.filter(reader=person), "comment_id", "stance__key", "created_at"
        ),
        "well_argued_taken_back": _rows(TakenBack.objects.filter(reader=person), "pressed_at"),
        "changes_of_mind": _rows(
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
        ),
        "verdicts_on_best_reasons": _rows(
            SteelmanVerdict.objects.filter(reader=person),
            "comment_id",
            "stance__key",
            "is_fair",
            "judged_at",
        ),
        "closings_judged": _rows(
            ClosingVerdict.objects.filter(reader=person),
            "closing__post__slug",
            "closing__number",
            "stance__key",
            "is_fair",
            "judged_at",
        ),
        "posts": _posts(person),
        "closings_written": _rows(
            Closing.objects.filter(written_by=person), "post__slug", "number", "body", "written_at"
        ),
        "flags_raised": _rows(
            Flag.objects.filter(reporter=person), "comment_id", "reason", "note", "created_at"
        ),
        "notifications": _rows(
            Notification.objects.filter(recipient=person),
            "kind",
            "subject_id",
            "created_at",
            "read_at",
        ),
        "suspensions": _rows(
            person.suspensions.all(), "reason", "started_at", "ends_at", "lifted_at"
        ),
        "decisions_about_me": _decisions(
            Q(person=person) | Q(comment__author=person) | Q(change__giver=person)
        ),
        "decisions_by_me": _rows(
            Decision.objects.filter(by=person),
            "action",
            "reason",
            "comment_id",
            "change_id",
            "decided_at",
        ),
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
        "roles": sorted(person.roles),
        "joined_at": person.joined_at,
        "last_login": person.last_login,
        "suspended_until": person.suspended_until,
        "banned_at": person.banned_at,
        "nudge_dismissed_at": person.nudge_dismissed_at,
    }


def _comments(person: User) -> list[dict[str, Any]]:
    earlier: dict[int, list[dict[str, Any]]] = {}
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


def _answers(person: User) -> list[dict[str, Any]]:
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


def _posts(person: User) -> list[dict[str, Any]]:
    return _rows(person.posts.all(), "slug", "created_at", "published_at", "newest_revision__title")


def _decisions(about: Q) -> list[dict[str, Any]]:
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


def _rows(rows: QuerySet[Any], *columns: str) -> list[dict[str, Any]]:
    """Return `columns` of `rows` in the order they were made, joined names with one underscore."""
    return [
        {name.replace("__", "_"): value for name, value in row.items()}
        for row in rows.order_by("pk").values(*columns)
    ]
