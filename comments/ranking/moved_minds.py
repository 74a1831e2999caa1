"""Count whose minds a comment moved, by the answers they left. The figure is in its row.

A reader counts once for one writer under one article, at the comment that moved them first, and
only while they give another answer than they gave before it. So a friend who goes to and fro, and
thanks a writer each time, counts once at most.
"""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from posts.models import Question

from ..models import ChangeKind, ChangeOfMind, Comment, CurrentStance
from .stored_columns import CountsByAnswer


def recount(comment: Comment) -> str:
    """Return the text for `Comment.minds_moved`: readers by the answer they left."""
    earlier = _moves(giver=OuterRef("giver"), post=OuterRef("post"))
    first = earlier.filter(comment__author=OuterRef("comment__author")).order_by("pk")
    answers = CurrentStance.objects.filter(question=OuterRef("question"), reader=OuterRef("giver"))
    another = answers.filter(stance__isnull=False).exclude(stance=OuterRef("from_stance"))
    moved = _moves(comment=comment.pk).annotate(first=Subquery(first.values("pk")[:1]))
    moved = moved.filter(Exists(another), pk=F("first"))
    counts = moved.order_by().values_list("from_stance").annotate(number=Count("pk"))
    return str(CountsByAnswer(counts))


def follow_answer(reader: int, question: Question) -> None:
    """Recount the comments that moved `reader`, an id, whose answer to `question` has changed.

    Locks them; the caller changes the version of the page.
    """
    credited = ChangeOfMind.objects.filter(giver=reader, question=question, kind=ChangeKind.MOVED)
    _store(Q(pk__in=credited.order_by().values("comment")))


def follow_change(change: ChangeOfMind) -> None:
    """Recount what depends on `change`: its comment, and others of the same writer and giver."""
    others = ChangeOfMind.objects.filter(giver=change.giver_id, post=change.post_id)
    others = others.filter(kind=ChangeKind.MOVED).order_by()
    credited = Q(pk=change.comment_id or 0)
    writer = Comment.textless.filter(credited).values("author")
    _store(credited | Q(pk__in=others.values("comment"), author__in=writer))


def _moves(**which: object) -> "QuerySet[ChangeOfMind]":
    return ChangeOfMind.objects.readable().filter(kind=ChangeKind.MOVED, **which)


def _store(which: Q) -> None:
    rows = Comment.objects.without_text().filter(which).order_by("pk")
    for comment in rows.select_for_update(no_key=True, of=("self",)):
        counted = recount(comment)
        if counted != comment.minds_moved:
            comment.minds_moved = counted
            comment.save(update_fields=["minds_moved"])
