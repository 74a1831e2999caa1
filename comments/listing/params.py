"""The parameters of the discussion in the address of a post page, and links to other views."""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import limits
from core.numbers import number
from posts.models import Post, Stance

from ..models import Comment
from ..ranking.first_screen import Why
from ..ranking.stored_columns import FrontPage
from ..stance_label import StanceLabel
from . import chronological, new_since, sorts
from .cursors import BadCursor
from .page import ThreadPage
from .sorts import Sort

# Sets of links that a process remembers; each set of stances in use needs a few.
LINKS = 500


class Filter(NamedTuple):
    """A link that shows the comments of one stance, or of all."""

    stance: StanceLabel | None
    query: str
    current: bool


class SortLink(NamedTuple):
    """A link that puts the threads in an order."""

    label: str
    query: str
    current: bool


class ListingParams:
    """The parameters of a discussion in an address; 404 for values that no link has."""

    def __init__(self, request: HttpRequest, post: Post, *, shows_totals: bool) -> None:
        """Read the parameters of `request`.

        An address that names an order which the site does not offer gets the first page of the
        default.

        Without `shows_totals` there is no order by rank, which follows from answers: an address
        that names one gets the order of time. One that names an order by sides gets the default
        where there is only one side.
        """
        question = post.question_or_none
        self.post = post
        front = FrontPage.parse(post.front) if shows_totals else None
        self.front = front
        self.is_ranked = front is not None
        self.has_sides = front is not None and front.has_sides
        self.stances: list[Stance] = list(question.stances.all()) if question else []
        self.after = request.GET.get("after", "")
        self.branch = request.GET.get("thread", "")
        self.since = _since(request.GET.get("since", ""))
        implied = sorts.sort_of(self.after, is_ranked=self.is_ranked)
        try:
            asked = Sort(request.GET.get("sort") or implied)
        except ValueError:
            raise Http404(_("There is no such order.")) from None
        if sorts.SORTS[asked].needs_sides and not self.has_sides:
            asked = implied
        self.sort = asked if shows_totals else sorts.in_time(asked)
        self.left_out = sorts.left_out()
        if self.sort in self.left_out:
            self.sort, self.after = sorts.default_sort(is_ranked=self.is_ranked), ""
        self.size = _size(request.GET.get("size", ""))
        self.stance = self._stance(request.GET.get("stance", ""))

    def page(self, reader: int = 0) -> ThreadPage:
        """Return the page for `reader`, 0 for everyone; 404 for a bad cursor."""
        try:
            if self.branch:
                return chronological.branch_page(
                    self.post, self._branch(), self.after, self.size, reader
                )
            if self.since is not None:
                return new_since.page(self.post, self.since, self.after, self.size, reader)
            if self.stance:
                return sorts.stance_page(
                    self.post, self.stance, self.sort, self.after, self.size, reader
                )
            return sorts.threads_page(self.post, self.sort, self.after, self.size, reader)
        except BadCursor:
            raise Http404(_("This part of the discussion does not exist.")) from None

    @property
    def is_flat(self) -> bool:
        """Whether comments come one after the other instead of in threads."""
        return not self.branch and (self.since is not None or self.stance is not None)

    @property
    def is_balanced(self) -> bool:
        """Whether threads come in the ranked order that has the best of each side first."""
        in_threads = not self.branch and not self.is_flat
        return self.is_ranked and in_threads and self.sort == Sort.BALANCED

    @property
    def leading(self) -> dict[int, int]:
        """The stance that each of the first threads is the best for, by id of the thread.

        Empty on all other pages and in all other orders.
        """
        if self.front is None or self.after or not self.is_balanced:
            return {}
        return {
            place.id: place.stance
            for place in self.front.places.values()
            if place.why == Why.STRONGEST and place.stance
        }

    def query(self, **changes: Any) -> str:
        """Return the query string of this view of the post, with `changes`."""
        return _query({**self._said(), **changes})

    def _said(self) -> dict[str, Any]:
        """Return the parameters of this view, without its cursor."""
        return {
            "thread": self.branch,
            "since": "" if self.since is None else str(self.since),
            "stance": self.stance.key if self.stance else "",
            "sort": "" if self.sort == sorts.default_sort(is_ranked=self.is_ranked) else self.sort,
            "size": "" if self.size == limits.COMMENTS_PER_PAGE else self.size,
        }

    def filters(self) -> tuple[Filter, ...]:
        """Return the links that choose a stance on offer, all of them first; none without stances.

        Nobody has given an answer that is offered no more: only such answers can be withdrawn.
        """
        labels = tuple(StanceLabel.of(stance) for stance in self.stances if stance.is_offered)
        return _filters(labels, self.stance.key if self.stance else "", *self._restarted())

    def sorts(self) -> tuple[SortLink, ...]:
        """Return the links that choose a sort; a branch has only the order of time."""
        in_order = not self.branch and self.since is None
        shown = self.sort if in_order else None
        told = self.is_ranked, self.has_sides, shown, get_language()
        return _sorts(self.left_out, *told, *self._restarted())

    def since_now(self) -> str:
        """Return the query string of the comments that arrive after this page was read."""
        return self.since_version(self.post.page_version)

    def since_version(self, version: int) -> str:
        """Return the query string of the comments that arrived after the page `version`."""
        return self.query(thread="", stance="", sort="", since=str(version))

    def _restarted(self) -> tuple[tuple[str, Any], ...]:
        """Return the parameters for another view of the whole discussion."""
        return tuple({**self._said(), "thread": "", "since": ""}.items())

    def _branch(self) -> Comment:
        rows = Comment.objects.for_post(self.post).shown().without_text()
        branch = rows.filter(pk=number(self.branch) or 0).first()
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


def wants_totals(request: HttpRequest) -> bool:
    """Return whether the address asks to see the totals before answering."""
    return request.GET.get("totals") == "show"


def _query(said: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{'?' if query else ''}{query}#discussion"


@lru_cache(maxsize=LINKS)
def _filters(
    labels: tuple[StanceLabel, ...], chosen: str, *said: tuple[str, Any]
) -> tuple[Filter, ...]:
    if not labels:
        return ()
    everything = Filter(None, _query({**dict(said), "stance": ""}), current=not chosen)
    each = (
        Filter(label, _query({**dict(said), "stance": label.key}), current=label.key == chosen)
        for label in labels
    )
    return everything, *each


@lru_cache(maxsize=LINKS)
def _sorts(
    without: frozenset[str],
    is_ranked: bool,
    has_sides: bool,
    shown: Sort | None,
    language: str,
    *said: tuple[str, Any],
) -> tuple[SortLink, ...]:
    default = sorts.default_sort(is_ranked=is_ranked)
    offered = sorts.offered(is_ranked=is_ranked, has_sides=has_sides, without=without)
    return tuple(
        SortLink(
            str(entry.label),
            _query({**dict(said), "sort": "" if sort == default else sort}),
            current=sort == shown,
        )
        for sort, entry in offered.items()
    )


def _since(text: str) -> int | None:
    """Return the version of the page that the reader has seen, None without the parameter."""
    if not text:
        return None
    version = number(text)
    if version is None:
        raise Http404(_("This part of the discussion does not exist."))
    return version


def _size(text: str) -> int:
    """Return how many comments the page has, within the limits."""
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return limits.COMMENTS_PER_PAGE
    return max(1, min(int(text), limits.COMMENTS_PER_PAGE_MAX))
