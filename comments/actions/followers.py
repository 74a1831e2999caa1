"""Tell those who follow a thread, an answer or an article of a comment that was published."""

from django_tasks import task

from core.db.prepared import Prepared
from core.db.transactions import retried
from notifications.following.telling import (
    BatchStart,
    FollowReason,
    FrozenReason,
    followers_of,
    freeze,
    tell_some,
    thaw,
)
from notifications.targets import Key

from ..models import Comment, CommentKind
from ..notifications import ANSWER_COMMENT, POST_COMMENT, THREAD_REPLY


def tell(comment: Comment) -> None:
    """Enqueue the job that tells followers of `comment`, if there are any.

    To be called in the transaction of its first publication, of which this is one query and one
    INSERT, whatever the number of followers.
    """
    if comment.kind == CommentKind.IMPORTED:
        return
    key = comment.stance.key if comment.stance is not None else ""
    if _FOLLOWED.rows(post=comment.post_id, thread=comment.thread_id, answer=key):
        reasons = _reasons(comment.post_id, comment.thread_id, key, comment.pk)
        tell_followers.enqueue(comment.pk, reasons=freeze(reasons))


@task()
def tell_followers(
    pk: int, reason: int = 0, after: int = 0, reasons: list[FrozenReason] | None = None
) -> None:
    """Tell a batch of the followers of the comment `pk`, and enqueue the next batch.

    `reasons` are those of its publication; a job of an earlier version has none.
    """
    _tell_some(pk, BatchStart(reason, after), reasons)


@retried
def _tell_some(pk: int, start: BatchStart, frozen: list[FrozenReason] | None) -> None:
    comment = Comment.objects.readable().select_related("author", "post", "stance").filter(pk=pk)
    found = comment.without_text().first()
    if found is None or not found.post.is_published():
        return
    key = found.stance.key if found.stance is not None else ""
    now = _reasons(found.post_id, found.thread_id, key, pk)
    reasons = now if frozen is None else thaw(frozen)
    onwards = tell_some(reasons, pk, start, cause=found.author)
    if onwards is not None:
        tell_followers.enqueue(pk, *onwards, reasons=freeze(reasons))


def _reasons(post: int, thread: int, answer: str, comment: int) -> list[FollowReason]:
    """Return why followers are notified of a comment, the strongest reason first."""
    return [
        FollowReason(THREAD_REPLY, "thread", Key(thread), comment),
        FollowReason(ANSWER_COMMENT, "stance", Key(post, answer), comment),
        FollowReason(POST_COMMENT, "post", Key(post), comment),
    ]


_FOLLOWED = Prepared(
    lambda post, thread, answer: (
        followers_of(_reasons(post, thread, answer, 0)).order_by().values_list("pk")[:1]
    ),
    post=int,
    thread=int,
    answer=str,
)
