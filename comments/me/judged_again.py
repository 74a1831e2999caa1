"""Texts that a person has judged and whose words were changed since."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from notifications.models import Notification
from posts.models import Post

from ..models import Closing, ClosingVerdict, Comment, CommentRevision, SteelmanVerdict

KINDS = (Notification.Kind.VERDICT_DROPPED, Notification.Kind.CLOSING_DROPPED)


@dataclass(frozen=True)
class ToJudge:
    """A comment with other words; `is_cited` if a closing cites it, which is to be judged again."""

    comment: Comment
    is_cited: bool


def to_judge(person: User, notifications: Iterable[Notification]) -> list[ToJudge]:
    """Return what `notifications` ask `person` to judge again, each once, while they still can.

    Left out is what is not readable any more, and what they have judged again.
    """
    asked = {row.subject_id: row.kind for row in notifications if row.kind in KINDS}
    if not asked:
        return []
    revisions = CommentRevision.objects.filter(pk__in=asked).order_by("-pk")
    found = {
        (comment, asked[revision]): None
        for revision, comment in revisions.values_list("pk", "comment_id")
    }
    comments = _readable(person, [comment for comment, _kind in found])
    asks = [
        ToJudge(comments[comment], kind == Notification.Kind.CLOSING_DROPPED)
        for comment, kind in found
        if comment in comments
    ]
    return [ask for ask in asks if _can_be_judged(ask)]


def closings_to_judge(person: User, notifications: Iterable[Notification]) -> list[Post]:
    """Return the posts whose closing `notifications` ask `person` to judge again, each once.

    Left out are those they have judged again, and those whose words were erased.
    """
    kind = Notification.Kind.CLOSING_CHANGED
    asked = [row.subject_id for row in notifications if row.kind == kind]
    if not asked:
        return []
    newer = Closing.objects.filter(post=OuterRef("post"), number__gte=OuterRef("number"))
    again = newer.filter(verdicts__reader=person)
    changed = Closing.objects.filter(~Exists(again), pk__in=asked).order_by()
    posts = Post.objects.visible_to(person).filter(pk__in=changed.values("post"))
    posts = posts.exclude(closing="").select_related("live_revision").order_by("pk")
    return list(posts.defer("live_revision__body", "live_revision__body_html"))


def _readable(person: User, ids: list[int]) -> dict[int, Comment]:
    again = SteelmanVerdict.objects.filter(comment=OuterRef("pk"), reader=person)
    closing = ClosingVerdict.objects.filter(closing__post=OuterRef("post"), reader=person)
    rows = Comment.objects.readable().filter(pk__in=ids, post__in=Post.objects.visible_to(person))
    rows = rows.annotate(judged=Exists(again), closing_judged=Exists(closing)).without_text()
    live = "post__live_revision"
    rows = rows.select_related("author", "argues_for", live)
    return {row.pk: row for row in rows.defer(f"{live}__body", f"{live}__body_html")}


def _can_be_judged(ask: ToJudge) -> bool:
    """Whether its words are still there and not judged again."""
    if ask.is_cited:
        return bool(ask.comment.post.closing) and not ask.comment.closing_judged  # type: ignore[attr-defined]
    return not ask.comment.judged  # type: ignore[attr-defined]
