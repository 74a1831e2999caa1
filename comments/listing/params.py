"""What the address of a post page asks of its discussion."""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import limits
from posts.models import Post, Stance

from ..models import Comment
from ..stance_label import StanceLabel
from . import chronological, new_since
from .chronological import Sort, ThreadPage
from .cursors import BadCursor

# Orders that need something to go by.
_BY_READERS = {Sort.BALANCED, Sort.COMMON, Sort.DIVISIVE}
SORT_LABELS = {
    Sort.BALANCED: _("All sides"),
    Sort.COMMON: _("Common ground"),
    Sort.OLDEST: _("Oldest"),
    Sort.NEWEST: _("Newest"),
    Sort.REPLIES: _("Most replied"),
    Sort.DIVISIVE: _("Most divisive"),
}

# Sets of links that a process remembers: a few for each set of stances in use.
LINKS = 500
# As many digits as any number of a database's has whole.
_VERSION_DIGITS = 18


class Filter(NamedTuple):
    """A link that shows the comments of one stance, or of all."""

    stance: StanceLabel | None
    query: str
    current: bool


class Order(NamedTuple):
    """A link that puts the threads in an order."""

    label: str
    query: str
    current: bool


class ListingParams:
    """What the address of a post page asks of its discussion; 404 for what no link of ours says."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        question = getattr(post, "question", None)
        self.post = post
        self.stances: list[Stance] = list(question.stances.all()) if question else []
        self.after = request.GET.get("after", "")
        self.branch = request.GET.get("thread", "")
        self.since = _since(request.GET.get("since", ""))
        try:
            self.sort = Sort(request.GET.get("sort") or _order_of(self.after, post))
        except ValueError:
            raise Http404(_("There is no such order.")) from None
        self.wants_totals = request.GET.get("totals") == "show"
        self.size = _size(request.GET.get("size", ""))
        self.stance = self._stance(request.GET.get("stance", ""))

    def page(self, reader: int = 0) -> ThreadPage:
        """Load the page for `reader`, 0 for everyone; 404 for a cursor we have not written."""
        try:
            if self.branch:
                return chronological.branch_page(
                    self.post, self._branch(), self.after, self.size, reader
                )
            if self.since is not None:
                return new_since.page(self.post, self.since, self.after, self.size, reader)
            if self.stance:
                return chronological.stance_page(
                    self.post, self.stance, self.sort, self.after, self.size, reader
                )
            return chronological.threads_page(self.post, self.sort, self.after, self.size, reader)
        except BadCursor:
            raise Http404(_("This part of the discussion does not exist.")) from None

    @property
    def is_flat(self) -> bool:
        """Whether comments come one after the other, each with what it answers."""
        return not self.branch and (self.since is not None or self.stance is not None)

    def query(self, **changes: Any) -> str:
        """Return what follows the post's address for this view of it, with `changes`."""
        return _query({**self._said(), **changes})

    def _said(self) -> dict[str, Any]:
        """Return what the address of this view says, without its cursor."""
        return {
            "thread": self.branch,
            "since": "" if self.since is None else str(self.since),
            "stance": self.stance.key if self.stance else "",
            "sort": "" if self.sort == default_sort(self.post) else self.sort,
            "size": "" if self.size == limits.COMMENTS_PER_PAGE else self.size,
        }

    def filters(self) -> tuple[Filter, ...]:
        """Return the links that choose a stance, all of them first; none without stances."""
        looks = tuple(map(StanceLabel.of, self.stances))
        return _filters(looks, self.stance.key if self.stance else "", *self._afresh())

    def sorts(self) -> tuple[Order, ...]:
        """Return the links that choose an order; a branch has only the one of arrival."""
        in_order = not self.branch and self.since is None
        shown = self.sort if in_order else None
        return _sorts(bool(self.post.front), shown, get_language(), *self._afresh())

    def since_now(self) -> str:
        """Return what follows the post's address for all that comes after the page as read."""
        return self.query(thread="", stance="", sort="", since=self.post.page_version)

    def _afresh(self) -> tuple[tuple[str, Any], ...]:
        """Return what the address of another view of the whole discussion begins with."""
        return tuple({**self._said(), "thread": "", "since": ""}.items())

    def _branch(self) -> Comment:
        number = self.branch if self.branch.isascii() and self.branch.isdigit() else "0"
        rows = Comment.objects.for_post(self.post).shown().without_text()
        branch = rows.filter(pk=int(number[:18])).first()
        if branch is None:
            raise Http404(_("This part of the discussion does not exist."))
        return branch

    def _stance(self, key: str) -> Stance | None:
        if not key:
            return None
        for stance in self.stances:
            if stance.key == key:
                return stance
        raise Http404(_("This question has no such answer."))


def default_sort(post: Post) -> Sort:
    """Return the order readers come to: all sides first, once readers say something."""
    return _usual(has_front=bool(post.front))


def _usual(*, has_front: bool) -> Sort:
    return Sort.BALANCED if has_front else Sort.OLDEST


def _query(said: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{'?' if query else ''}{query}#discussion"


@lru_cache(maxsize=LINKS)
def _filters(
    looks: tuple[StanceLabel, ...], chosen: str, *said: tuple[str, Any]
) -> tuple[Filter, ...]:
    if not looks:
        return ()
    everything = Filter(None, _query({**dict(said), "stance": ""}), current=not chosen)
    each = (
        Filter(look, _query({**dict(said), "stance": look.key}), current=look.key == chosen)
        for look in looks
    )
    return everything, *each


@lru_cache(maxsize=LINKS)
def _sorts(
    has_front: bool, shown: Sort | None, language: str, *said: tuple[str, Any]
) -> tuple[Order, ...]:
    usual = _usual(has_front=has_front)
    return tuple(
        Order(
            str(label),
            _query({**dict(said), "sort": "" if sort == usual else sort}),
            current=sort == shown,
        )
        for sort, label in SORT_LABELS.items()
        if has_front or sort not in _BY_READERS
    )


def _order_of(after: str, post: Post) -> Sort:
    """Return the order of an address that names none: the one its cursor was made in.

    The order that readers come to may have changed since the page that wrote the cursor.
    """
    if after.startswith(("t", "f")):
        return Sort.OLDEST
    return Sort.BALANCED if after.startswith("r") else default_sort(post)


def _since(text: str) -> int | None:
    """Return the version of the page that somebody has seen, None where it is not asked about."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _VERSION_DIGITS:
        raise Http404(_("This part of the discussion does not exist."))
    return int(text)


def _size(text: str) -> int:
    """Return how many comments a page shall hold: as asked, within what is allowed."""
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return limits.COMMENTS_PER_PAGE
    return max(1, min(int(text), limits.COMMENTS_PER_PAGE_MAX))
