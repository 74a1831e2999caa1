"""Sealed answers of authors: refuse other answers while they are sealed, and open due ones."""

from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from posts.models import Post, SealedAnswer

from ..locks import lock_person
from ..models import CurrentStance
from ..permissions import Person, wrote_post
from . import stances


def is_sealed(person: Person, post: Post, now: datetime | None = None) -> bool:
    """Return whether `person` wrote `post` and has a sealed answer: then they write notes."""
    if post.question_or_none is None or not wrote_post(person, post):
        return False
    assert isinstance(person, User)
    return post.question.is_sealed_by(person, now)


def refuse_while_sealed(author: User, post: Post, now: datetime) -> None:
    """Raise `ActionRefused` if `author`, whose account is locked, keeps an answer to `post` sealed.

    A due one is opened first, so that the new answer follows it.
    """
    if not wrote_post(author, post):
        return
    for sealed in _due(now, author=author, question__post=post):
        stances.open_sealed(sealed, now)
    if is_sealed(author, post, now):
        raise ActionRefused(
            _(
                "Your own answer is sealed. Until it opens you can write notes, without an "
                "answer. You can remove the sealed answer in the studio."
            ),
            status=409,
        )


def open_due(now: datetime | None = None) -> None:
    """Open due sealed answers, which adds them to the totals; called each minute."""
    due = _to_open(now).values_list("pk", "author")
    for pk, author in list(due):
        _open(pk, author, now or timezone.now())


@retried
def _open(pk: int, author: int, now: datetime) -> None:
    lock_person(User(pk=author))
    for sealed in _due(now, pk=pk):
        if stances.open_sealed(sealed, now):
            sealed.question.post.bump_page_version()


def _due(now: datetime, **which: object) -> list[SealedAnswer]:
    """Return those of the sealed answers that are due, locked until the transaction ends."""
    ids = list(_to_open(now).filter(**which).values_list("pk", flat=True))
    # Queried again: another transaction may have opened it before the lock.
    rows = SealedAnswer.objects.valid().filter(pk__in=ids, opened_at__isnull=True)
    return list(rows.select_for_update(no_key=True).order_by("pk"))


def _to_open(now: datetime | None) -> "QuerySet[SealedAnswer]":
    """Return the sealed answers that are due."""
    answers = CurrentStance.objects.of_readers().filter(question=OuterRef("question")).order_by()
    counted = answers.values("question").annotate(number=Count("pk")).values("number")
    return SealedAnswer.objects.to_open(now, Coalesce(Subquery(counted), 0))
