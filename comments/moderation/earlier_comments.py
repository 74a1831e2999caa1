"""The comments before the one of a case: what it answers, or else what was written just before."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.markdown.html import shortened
from posts.text.html_text import text_of

from ..models import Comment
from ..querysets import CommentQuerySet
from ..tree.paths import row_ids

# How many comments above a reply are shown: what it answers, and what that answers.
ANCESTORS = 2
# How many threads before the comment that begins one: readers saw them just before it.
THREADS = 2
# Characters that a case shows of each, some four lines; as many more are not worth a press.
SHOWN = 240
SPARED = 80


@dataclass(frozen=True)
class EarlierComment:
    """A comment that stands before the one of a case; `label` says where."""

    comment: Comment
    label: str | Promise

    @cached_property
    def beginning(self) -> str:
        """The beginning of a long text, "" for a short one."""
        text = text_of(self.comment.body_html)
        return shortened(text, SHOWN) if len(text) > SHOWN + SPARED else ""


def earlier_comments(comment: Comment, user: User) -> list[EarlierComment]:
    """Return what stands before `comment` and `user` may see, in the order of the discussion.

    Of a reply that is what it answers, and the reply before it; else the threads before it.
    """
    seen = Comment.objects.visible_to(user).with_people().with_text_for(user)
    if comment.is_root:
        return [EarlierComment(each, _("Posted earlier")) for each in _threads(comment, seen)]
    above = seen.filter(pk__in=row_ids(comment.path)[-1 - ANCESTORS : -1]).order_by("depth")
    return [
        *(EarlierComment(each, _label(each, comment)) for each in above),
        *(EarlierComment(each, _("The reply before it")) for each in _replies(comment, seen)),
    ]


def _label(above: Comment, comment: Comment) -> str | Promise:
    return _("It answers") if above.pk == comment.parent_id else _("Above that")


def _threads(comment: Comment, seen: CommentQuerySet) -> list[Comment]:
    """Return the first comments of the last threads before `comment`, the oldest first.

    The conditions are those of the index that pages of threads are read by.
    """
    roots = seen.for_post(comment.post_id).readable().shown().drawn().filter(depth=0)
    before = roots.filter(thread_published_at__lte=_time(comment))
    latest = before.exclude(pk=comment.pk).order_by("-thread_published_at", "-thread")
    return [*latest[:THREADS]][::-1]


def _replies(comment: Comment, seen: CommentQuerySet) -> list[Comment]:
    """Return the last reply to the same comment before `comment`, if there is one."""
    beside = seen.readable().filter(parent=comment.parent_id, published_at__lte=_time(comment))
    return [*beside.exclude(pk=comment.pk).order_by("-published_at", "-pk")[:1]]


def _time(comment: Comment) -> datetime:
    return comment.published_at or comment.created_at
