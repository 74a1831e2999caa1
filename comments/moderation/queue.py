"""The moderation queue: the comments that wait for a decision, page by page."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import limits
from core.markdown.html import shortened
from posts.models import Post
from posts.text.html_text import text_of

from ..listing.cursors import FlatCursor
from ..models import Comment, CommentState
from ..models.moderation import Flag
from ..querysets import CommentQuerySet
from . import sentences

# Characters of HTML from which an excerpt of the list is made.
EXCERPT_HTML = 1_000
# Characters of an excerpt: two lines of the list.
EXCERPT_LENGTH = 96


class Kind(StrEnum):
    """The parts of the queue."""

    ALL = "all"
    HELD = "held"
    FLAGGED = "flagged"


LABELS = {Kind.ALL: _("All"), Kind.HELD: _("Held"), Kind.FLAGGED: _("Reported")}


def waiting(user: User, kind: Kind = Kind.ALL) -> CommentQuerySet:
    """Return the comments that wait for a decision and `user` may see, longest waiting first.

    `waiting_since` is annotated: the time of the first open flag, else of writing.
    """
    comments = Comment.objects.filter(pk__in=_ids(kind), deleted_at__isnull=True)
    comments = comments.exclude(state=CommentState.REMOVED)
    first_flag = (
        Flag.objects.open()
        .filter(comment=OuterRef("pk"))
        .order_by()
        .values("comment")
        .annotate(first=Min("created_at"))
        .values("first")
    )
    return (
        comments.filter(post__in=Post.objects.visible_to(user))
        .annotate(waiting_since=Coalesce(Subquery(first_flag), "created_at"))
        .order_by("waiting_since", "id")
    )


def _ids(kind: Kind) -> Any:
    """Return the query of waiting ids; its two small indexes avoid a scan of all comments."""
    held = Comment.objects.held().order_by().values("pk")
    flagged = Flag.objects.open().order_by().values("comment")
    if kind == Kind.HELD:
        return held
    return flagged if kind == Kind.FLAGGED else held.union(flagged)


@dataclass
class QueueEntry:
    """A comment in the list of the queue."""

    comment: Comment
    flags: list[Flag]
    url: str
    is_current: bool = False

    @property
    def excerpt(self) -> str:
        """The beginning of the comment as readers see it, without the signs of its markup."""
        return shortened(text_of(self.comment.body_html[:EXCERPT_HTML]), EXCERPT_LENGTH)

    @property
    def why(self) -> str:
        """Why the comment waits for a decision."""
        return sentences.why_in_queue(self.comment, self.flags)


@dataclass(frozen=True)
class QueuePlace:
    """The place of a case in the queue, and the addresses of the cases beside it, "" for none.

    `number` is None on a later page, which does not know how many cases come before it.
    """

    number: int | None
    previous_url: str
    next_url: str


@dataclass
class ModerationQueue:
    """One page of the queue for one moderator; it begins after the cursor `after`."""

    user: User
    kind: Kind = Kind.ALL
    after: FlatCursor | None = None

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """The number of waiting comments, in all and by kind."""
        flagged = Exists(Flag.objects.open().filter(comment=OuterRef("pk")))
        found = waiting(self.user).aggregate(
            all=Count("pk"),
            held=Count("pk", filter=Q(state=CommentState.HELD)),
            flagged=Count("pk", filter=flagged),
        )
        return {kind: found[kind] for kind in Kind}

    @cached_property
    def rows(self) -> list[Comment]:
        """The comments of this page, and the first of the next page if there is one."""
        rows = waiting(self.user, self.kind)
        if self.after is not None:
            since, row_id = self.after.published_at, self.after.row_id
            rows = rows.filter(Q(waiting_since__gt=since) | Q(waiting_since=since, pk__gt=row_id))
        flags = Prefetch("flags", Flag.objects.open().order_by("id"), to_attr="open_flags")
        rows = rows.with_people().defer("body").prefetch_related(flags)
        return list(rows[: limits.QUEUE_PAGE + 1])

    @property
    def page(self) -> list[Comment]:
        """The comments of this page."""
        return self.rows[: limits.QUEUE_PAGE]

    def entries(self, current: int | None) -> list[QueueEntry]:
        """Return the entries of this page, with the comment id `current` marked."""
        return [
            QueueEntry(
                comment=row,
                flags=row.open_flags,  # type: ignore[attr-defined]
                url=self.case_url(row.pk),
                is_current=row.pk == current,
            )
            for row in self.page
        ]

    def next_after(self, pk: int | None) -> int | None:
        """Return the id after `pk` on this page, else the first other id; None without another."""
        ids = [row.pk for row in self.page]
        following = ids[ids.index(pk) + 1 :] if pk in ids else []
        others = [other for other in following + ids if other != pk]
        return others[0] if others else None

    def place_of(self, pk: int | None) -> QueuePlace | None:
        """Return the place of the case `pk`, None for one that is not on this page."""
        ids = [row.pk for row in self.page]
        if pk not in ids:
            return None
        at = ids.index(pk)
        return QueuePlace(
            number=at + 1 if self.after is None else None,
            previous_url=self.case_url(ids[at - 1]) if at else "",
            next_url=self.case_url(ids[at + 1]) if at + 1 < len(ids) else self.next_page_url or "",
        )

    @property
    def count(self) -> int:
        """The number of comments that wait in this part of the queue."""
        return self.counts[self.kind]

    def filters(self) -> list[dict[str, Any]]:
        """Return the links to the parts of the queue: label, count, url and whether current."""
        return [
            {
                "label": LABELS[kind],
                "count": self.counts[kind],
                "url": ModerationQueue(self.user, kind).url,
                "current": kind == self.kind,
            }
            for kind in Kind
        ]

    @property
    def next_page_url(self) -> str | None:
        """The address of the next page, or None."""
        if len(self.rows) <= limits.QUEUE_PAGE:
            return None
        last = self.page[-1]
        cursor = FlatCursor(last.waiting_since, last.pk)  # type: ignore[attr-defined]
        return ModerationQueue(self.user, self.kind, cursor).url

    @property
    def url(self) -> str:
        """The address of this page of the queue."""
        return f"{reverse('comments:moderation')}{self._query}"

    def case_url(self, pk: int) -> str:
        """Return the address of the case `pk`, shown beside this page of the queue."""
        return f"{reverse('comments:moderation-case', args=[pk])}{self._query}"

    @property
    def _query(self) -> str:
        params = {} if self.kind == Kind.ALL else {"queue": str(self.kind)}
        if self.after is not None:
            params["after"] = str(self.after)
        return f"?{urlencode(params)}" if params else ""
