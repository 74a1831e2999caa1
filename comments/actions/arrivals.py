"""Marking which version of a post's page a comment became visible at."""

from collections.abc import Sequence

from django.db.models import Subquery

from core.db.prepared import PreparedUpdate
from posts.models import Post

from ..models import Comment


def mark(ids: Sequence[int], post: Post) -> None:
    """Record that `ids` became readable under `post` in this transaction.

    To be called after `Post.bump_page_version`, whose version it stores.
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
