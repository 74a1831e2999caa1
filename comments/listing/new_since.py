"""Comments that are new to a returning reader, in the order in which they became readable.

A clock cannot tell: a comment may be dated before a visit and be stored, or approved, after it. So
`Comment.arrival` is the version of the post's page at which it last became readable. That version
changes under the lock of the post, which is held until the transaction ends. A reader of version 7
of the page has therefore seen all comments with an arrival of 7 or less, and no others.
"""

from functools import lru_cache
from typing import Any

from django.db.models import Q

from core.db.prepared import Prepared
from posts.models import Post

from ..models import Comment
from ..tree.nesting import Node
from .cursors import ArrivalCursor
from .page import ThreadPage, fitting
from .rows import columns, comment_rows, question_id


def page(post: Post, since: int, after: str, size: int, reader: int = 0) -> ThreadPage:
    """Return the comments that arrived after the version `since` of the page of `post`, flat.

    Those of `reader`, an id, are left out: one's own are not new. Raises BadCursor for a bad
    `after`.
    """
    asked = {"post": post.pk, "question": question_id(post), "reader": reader}
    if after:
        cursor = ArrivalCursor.parse(after)
        rows = _new(size, True).rows(**asked, since=cursor.arrival, row_id=cursor.row_id)
    else:
        rows = _new(size, False).rows(**asked, since=since)
    found = comment_rows(rows)
    fit = fitting(found, size)
    nodes = [Node(entry, indent=0) for entry in found[:fit]]
    if len(found) <= fit:
        return ThreadPage(nodes)
    last = Comment.objects.only("arrival").get(pk=found[fit - 1].id)
    return ThreadPage(nodes, next=str(ArrivalCursor(last.arrival or 0, last.pk)))


@lru_cache(maxsize=20)
def _new(size: int, is_behind: bool) -> Prepared:
    """Return the query for comments after a version, or behind a cursor if `is_behind`."""

    def rows(post: int, question: int, reader: int, since: int, **place: int) -> Any:
        found = Comment.objects.filter(post=post).readable().exclude(author=reader)
        found = found.order_by("arrival", "id")
        newer = _behind(ArrivalCursor(since, place["row_id"])) if place else Q(arrival__gt=since)
        return columns(found.filter(newer), question, reader)[: size + 1]

    place = {"row_id": int} if is_behind else {}
    return Prepared(rows, post=int, question=int, reader=int, since=int, **place)


def _behind(cursor: ArrivalCursor) -> Q:
    """Return the condition for comments behind `cursor`, the same version included."""
    return Q(arrival__gte=cursor.arrival) & (
        Q(arrival__gt=cursor.arrival) | Q(arrival=cursor.arrival, id__gt=cursor.row_id)
    )
