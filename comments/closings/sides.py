"""Which sides of a closing somebody gives now, and which it still cites."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from posts.models import Authorship

from ..models import Citation, Closing, ClosingSide, ClosingVerdict, Comment, CurrentStance
from ..models.counted import COUNTED
from ..ranking import accounts, constants


def found(now: datetime | None = None) -> "QuerySet[Any]":
    """Return the sides of closings with `given_now` and `cited_now`, true of them at `now`.

    A side is given while somebody may judge for it whose verdict would count at once.
    """
    judged = ClosingVerdict.objects.filter(COUNTED, closing=OuterRef("closing"))
    judged = judged.filter(stance=OuterRef("stance"))
    cited = Citation.objects.filter(
        closing=OuterRef("closing"),
        comment__stance=OuterRef("stance"),
        comment__in=Comment.objects.citable().order_by().values("pk"),
    )
    return ClosingSide.objects.annotate(
        given_now=Exists(_settled_readers(now or timezone.now())) | Exists(judged),
        cited_now=Exists(cited),
    )


def outdated(now: datetime) -> "QuerySet[Any]":
    """Return the sides of newest closings of which what is stored is true no longer at `now`."""
    newer = Closing.objects.filter(
        post=OuterRef("closing__post"), number__gt=OuterRef("closing__number")
    )
    return (
        found(now).filter(~Exists(newer)).exclude(is_given=F("given_now"), is_cited=F("cited_now"))
    )


def _settled_readers(now: datetime) -> "QuerySet[CurrentStance]":
    """Return the answers for a side by settled readers who may judge: not by authors."""
    day_ago = now - timedelta(seconds=constants.SETTLED_AFTER)
    is_first = Q(record__supersedes=None, record__recorded_at__lte=OuterRef("closing__written_at"))
    authors = Authorship.objects.filter(user=OuterRef("reader"), post=OuterRef("question__post"))
    return CurrentStance.objects.filter(
        accounts.readers_count(now),
        ~Exists(authors),
        Q(record__recorded_at__lte=day_ago) | is_first,
        stance=OuterRef("stance"),
        reader__banned_at=None,
        reader__erased_at=None,
    )
