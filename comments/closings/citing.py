"""Whom a closing has to cite, and what it may cite."""

import re
from collections.abc import Iterable
from heapq import nlargest

from posts.models import Post, Stance

from ..models import Appraisal, Comment
from ..querysets import CommentQuerySet
from ..ranking import constants
from ..ranking.lift import NOBODY, wilson_lower
from ..ranking.stored_columns import SidesByAnswer

# Comments that are offered for each answer; any other is cited by its address.
OFFERED = 4
_REFERENCE = re.compile(r"(?:\S*/comments/|\S*#comment-|#)?(\d{1,18})/?", re.ASCII)


def citable(post: Post) -> CommentQuerySet:
    """Return the comments under `post` that can be cited, with their writers and answers."""
    return Comment.objects.for_post(post).citable().with_people()


def live_stances(post: Post) -> list[Stance]:
    """Return the answers that a closing of `post` has to cite and its readers have to judge.

    Enough readers give them now, and a comment speaks for them.
    """
    taken = set(citable(post).order_by().values_list("stance", flat=True).distinct())
    return [
        stance
        for stance in Stance.objects.filter(question__post=post)
        if stance.pk in taken and stance.answer_count >= constants.LIVE_READERS
    ]


def strongest(post: Post, stance: Stance) -> list[Comment]:
    """Return the best comments for `stance` as its own readers see it, then those most replied."""
    theirs = citable(post).filter(stance=stance)
    appraised = Appraisal.objects.filter(comment__in=theirs.order_by().values("pk"))
    figures = appraised.values_list("comment_id", "sides", "lift")
    praised = {
        pk: (wilson_lower(*side), lift)
        for pk, sides, lift in figures
        if (side := SidesByAnswer.parse(sides).get(stance.pk, NOBODY)).approvals
    }
    best = nlargest(OFFERED, praised, key=lambda pk: (praised[pk], -pk))
    found = theirs.in_bulk(best)
    others = theirs.exclude(pk__in=best).order_by("-reply_count", "pk")
    return [*(found[pk] for pk in best if pk in found), *others[: OFFERED - len(best)]]


def numbers_in(text: str) -> list[int] | None:
    """Return the numbers of the comments that `text` names by address or number, or None."""
    found = [_REFERENCE.fullmatch(word) for word in text.split()]
    named = [int(match[1]) for match in found if match]
    return named if len(named) == len(found) else None


def uncited(live: Iterable[Stance], comments: Iterable[Comment]) -> list[Stance]:
    """Return the `live` answers for which none of `comments` speaks."""
    cited = {comment.stance_id for comment in comments}
    return [stance for stance in live if stance.pk not in cited]
