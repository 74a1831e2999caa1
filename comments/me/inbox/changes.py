"""Load notifications about changes of mind: credits, the answers to them, and decisions."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import User
from notifications.kinds import Content, loads
from notifications.models import Notification
from posts.models import Post

from ...models import ChangeOfMind
from ...models.moderation import Decision
from ...moderation import sentences
from ...notifications import CONFIRMED, CREDIT, CREDIT_REMOVED, CREDIT_RESTORED, DISPUTED
from ..posts import place_of, with_titles


@loads(CREDIT)
def credits_received(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the changes of mind that credit comments of `person`."""
    found = ChangeOfMind.objects.readable().filter(comment__author=person)
    changes = _loaded(person, found, [row.subject_id for row in rows])
    return {
        row.pk: Content(
            url=_address(change),
            place=place_of(change.post),
            quote=change.words,
            person=change.giver,
            facts={"change": change},
        )
        for row in rows
        if (change := changes.get(row.subject_id))
    }


@loads(CONFIRMED, DISPUTED)
def answers_to_credits(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return what the credited writers answered to changes of mind of `person`."""
    found = ChangeOfMind.objects.readable().filter(giver=person)
    changes = _loaded(person, found, [row.subject_id for row in rows])
    return {
        row.pk: Content(
            url=_address(change),
            place=place_of(change.post),
            quote=change.dispute or change.words,
            person=_writer(change),
            facts={"is_own_quote": not change.dispute},
        )
        for row in rows
        if (change := changes.get(row.subject_id))
    }


@loads(CREDIT_REMOVED, CREDIT_RESTORED)
def decisions(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return what moderators decided about changes of mind of `person`."""
    found = ChangeOfMind.objects.filter(giver=person, revoked_at__isnull=True)
    made = Decision.objects.filter(change__in=found).select_related("note")
    decided = made.in_bulk([row.subject_id for row in rows])
    changes = _loaded(person, found, [each.change_id for each in decided.values()])
    return {
        row.pk: Content(
            url=_address(change),
            place=place_of(change.post),
            quote=change.words,
            facts={
                "sentence": sentences.change_removal_sentence(decision.reason),
                "note": str(getattr(decision, "note", "")),
            },
        )
        for row in rows
        if (decision := decided.get(row.subject_id))
        and (change := changes.get(decision.change_id or 0))
    }


def _loaded(person: User, changes: Any, ids: list[Any]) -> dict[int, ChangeOfMind]:
    """Return those of `changes` with `ids` that `person` can read, by id, with their words."""
    found = changes.filter(pk__in=ids, post__in=Post.objects.visible_to(person))
    return {change.pk: change for change in with_titles(found.with_words_for(person))}


def _writer(change: ChangeOfMind) -> User | None:
    """Return the writer of the credited comment, while it stands."""
    comment = change.comment
    return comment.author if comment is not None and comment.is_readable else None


def _address(change: ChangeOfMind) -> str:
    return f"{change.get_absolute_url()}#change-{change.pk}"
