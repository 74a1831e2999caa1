"""What is new to somebody who returns: comments in the order in which they came to stand.

A clock cannot say it: a comment may be dated before a visit and be stored, or approved, after it.
So each comment has the version of its post's page at which it last came to stand. That version
moves under the lock of the post, which is held until the transaction ends. Whoever saw a page of
version 7 has therefore seen all that arrived at 7 or before, and the rest is what is new.
"""

from collections.abc import Sequence

from django.db.models import Q, Subquery

from core.prepared import PreparedUpdate
from posts.models import Post

from .cursors import ArrivalCursor
from .entries import read
from .models import Comment
from .reading import Page, fitting
from .threads import Node


def mark(ids: Sequence[int], post: Post) -> None:
    """Let the comments `ids` have come to stand under `post` with the present transaction.

    To be called after `Post.move_page` in the same transaction.
    """
    if len(ids) == 1:
        _MARK.run(comment=ids[0], post=post.pk)
    else:
        Comment.objects.filter(pk__in=ids).update(arrival=_version(post.pk))


def _version(post: int) -> Subquery:
    return Subquery(Post.objects.filter(pk=post).order_by().values("page_version"))


_MARK = PreparedUpdate(
    lambda comment, post: (Comment.objects.filter(pk=comment), {"arrival": _version(post)}),
    comment=int,
    post=int,
)


def page(post: Post, since: int, after: str, size: int, reader: int = 0) -> Page:
    """Return what came after the version `since` of the page of `post`, in order of arrival, flat.

    Raises BadCursor for a bad `after`.
    """
    rows = Comment.objects.for_post(post).standing().order_by("arrival", "id")
    rows = rows.filter(_behind(ArrivalCursor.parse(after)) if after else Q(arrival__gt=since))
    found = read(rows[: size + 1], post, reader)
    fit = fitting(found, size)
    nodes = [Node(entry, indent=0) for entry in found[:fit]]
    if len(found) <= fit:
        return Page(nodes)
    last = Comment.objects.only("arrival").get(pk=found[fit - 1].id)
    return Page(nodes, next=str(ArrivalCursor(last.arrival or 0, last.pk)))


def _behind(cursor: ArrivalCursor) -> Q:
    """Return the condition for what arrived behind `cursor`, with what came by the same write."""
    return Q(arrival__gte=cursor.arrival) & (
        Q(arrival__gt=cursor.arrival) | Q(arrival=cursor.arrival, id__gt=cursor.row_id)
    )
