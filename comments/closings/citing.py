"""The comments that a closing summary may cite, and the answers that it has to cite."""

import re
from collections.abc import Iterable
from heapq import nlargest

from posts.models import Post, Stance

from ..models import Appraisal, Comment
from ..querysets import CommentQuerySet
from ..ranking import constants
from ..ranking.lift import NOBODY, wilson_lower
from ..ranking.stored_columns import SidesByAnswer

# Comments offered for each answer: a short list to tick. Any other is cited by its address.
OFFERED = 4
_REFERENCE = re.compile(r"(?:\S*/comments/|\S*#comment-|#)?(\d{1,18})/?", re.ASCII)


def citable(post: Post) -> CommentQuerySet:
    """Return the comments under `post` that a closing may cite, with author and stance loaded."""
    return Comment.objects.for_post(post).citable().with_people()


def live_stances(post: Post) -> list[Stance]:
    """Return the live answers: those that a closing of `post` cites and whose readers judge it.

    At least `LIVE_READERS` readers give such an answer now, and a citable comment argues for it.
    """
    taken = set(citable(post).order_by().values_list("stance", flat=True).distinct())
    return [
        stance
        for stance in Stance.objects.filter(question__post=post)
        if stance.pk in taken and stance.answer_count >= constants.LIVE_READERS
    ]


def strongest(post: Post, stance: Stance) -> list[Comment]:
    """Return at most `OFFERED` comments for `stance`, the best first.

    First those that readers with this answer find well argued, by the lower Wilson bound of their
    approvals and then by lift; then those with most replies.
    """
    comments = citable(post).filter(stance=stance)
    appraised = Appraisal.objects.filter(comment__in=comments.order_by().values("pk"))
    figures = appraised.values_list("comment_id", "sides", "lift")
    praised = {
        pk: (wilson_lower(*side), lift)
        for pk, sides, lift in figures
        if (side := SidesByAnswer.parse(sides).get(stance.pk, NOBODY)).approvals
    }
    best = nlargest(OFFERED, praised, key=lambda pk: (praised[pk], -pk))
    found = comments.in_bulk(best)
    others = comments.exclude(pk__in=best).order_by("-reply_count", "pk")
    return [*(found[pk] for pk in best if pk in found), *others[: OFFERED - len(best)]]


def numbers_in(text: str) -> list[int] | None:
    """Return the ids of the comments named in `text` by address or number, or None."""
    found = [_REFERENCE.fullmatch(word) for word in text.split()]
    named = [int(match[1]) for match in found if match]
    return named if len(named) == len(found) else None


def uncited(live: Iterable[Stance], comments: Iterable[Comment]) -> list[Stance]:
    """Return the `live` answers that none of `comments` argues for."""
    cited = {comment.stance_id for comment in comments}
    return [stance for stance in live if stance.pk not in cited]
