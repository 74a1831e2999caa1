"""The seam to posts: a post page shows its question and its discussion through these tags."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from core import limits
from posts.models import Post, Stance

from .. import composer, permissions, reading
from ..cards import Deck, all_comments
from ..cursors import BadCursor
from ..models import Comment
from ..reading import Page, Sort
from ..threads import Node
from ..totals import Totals

register = template.Library()

SORT_LABELS = {
    Sort.OLDEST: _("Oldest"),
    Sort.NEWEST: _("Newest"),
    Sort.REPLIES: _("Most replied"),
}


@register.inclusion_tag("comments/_question.html", takes_context=True)
def question_block(context: dict[str, Any], post: Post, question: Any) -> dict[str, Any]:
    """Draw the closing question of `post`, its stances as choices, and where readers stand."""
    request: HttpRequest = context["request"]
    stances = list(question.stances.all()) if question else []
    own = composer.stance_of(request.user, post)
    return {
        "request": request,
        "post": post,
        "question": question,
        "stances": [stance for stance in stances if stance.is_offered],
        "totals": Totals.of(stances),
        "public": not request.user.is_authenticated,
        "own": own,
        "composer": _composer(request, post, own),
    }


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: dict[str, Any], post: Post) -> dict[str, Any]:
    """Draw the page of the discussion of `post` that the address asks for."""
    request: HttpRequest = context["request"]
    asked = Asked(request, post)
    page = asked.page()
    held = []
    if request.user.is_authenticated:
        held = reading.place_held(page, reading.held_by(post, request.user))
    deck = Deck.for_reader(post, request.user, [*all_comments(page.nodes), *page.ancestors])
    return {
        "request": request,
        "post": post,
        "page": page,
        "cards": deck.cards(page.nodes),
        "held_cards": [] if asked.after else deck.cards(_as_nodes(held)),
        "ancestors": deck.cards(_as_nodes(page.ancestors)),
        "is_flat": asked.stance is not None,
        "stance": asked.stance,
        "filters": asked.filters(),
        "sorts": asked.sorts(),
        "next_url": asked.url(after=page.next) if page.next else None,
        "next_thread_url": asked.url(after=page.next_thread) if page.next_thread else None,
        "first_url": asked.url() if asked.after else None,
        "composer": None if hasattr(post, "question") else _composer(request, post, None),
        "public": not request.user.is_authenticated,
    }


class Asked:
    """What the address of a post page asks of its discussion; 404 for what no link of ours says."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        self.post = post
        self.user = request.user
        self.after = request.GET.get("after", "")
        self.branch = request.GET.get("thread", "")
        try:
            self.sort = Sort(request.GET.get("sort", Sort.OLDEST))
        except ValueError:
            raise Http404(_("There is no such order.")) from None
        self.size = _size(request.GET.get("size", ""))
        self.stance = self._stance(request.GET.get("stance", ""))

    def page(self) -> Page:
        """Load the page; 404 for a cursor that no page of ours has written."""
        try:
            if self.branch:
                return reading.branch_page(self.post, self._branch(), self.after, self.size)
            if self.stance:
                return reading.stance_page(self.post, self.stance, self.sort, self.after, self.size)
            return reading.threads_page(self.post, self.sort, self.after, self.size)
        except BadCursor:
            raise Http404(_("This part of the discussion does not exist.")) from None

    def url(self, **changes: Any) -> str:
        """Return the address of this view of the discussion with `changes` to it."""
        asked = {
            "thread": self.branch,
            "stance": self.stance.key if self.stance else "",
            "sort": "" if self.sort == Sort.OLDEST else self.sort,
            "size": "" if self.size == limits.COMMENTS_PER_PAGE else self.size,
            **changes,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.post.get_absolute_url()}{'?' if query else ''}{query}#discussion"

    def filters(self) -> list[dict[str, Any]]:
        """Return the links that choose a stance, all of them first."""
        links: list[dict[str, Any]] = [
            {"stance": None, "url": self.url(stance="", thread=""), "current": not self.stance}
        ]
        for stance in self._stances():
            url = self.url(stance=stance.key, thread="")
            links.append({"stance": stance, "url": url, "current": stance == self.stance})
        return links

    def sorts(self) -> list[dict[str, Any]]:
        """Return the links that choose an order; a branch has only the one of arrival."""
        return [
            {
                "label": label,
                "url": self.url(sort="" if sort == Sort.OLDEST else sort, thread=""),
                "current": sort == self.sort and not self.branch,
            }
            for sort, label in SORT_LABELS.items()
        ]

    def _branch(self) -> Comment:
        number = self.branch if self.branch.isascii() and self.branch.isdigit() else "0"
        rows = Comment.objects.for_post(self.post).shown().with_people().select_related("thread")
        branch = rows.filter(pk=int(number[:18])).first()
        if branch is None:
            raise Http404(_("This part of the discussion does not exist."))
        return branch

    def _stance(self, key: str) -> Stance | None:
        if not key:
            return None
        for stance in self._stances():
            if stance.key == key:
                return stance
        raise Http404(_("This question has no such answer."))

    def _stances(self) -> list[Stance]:
        question = getattr(self.post, "question", None)
        return list(question.stances.all()) if question else []


def _composer(request: HttpRequest, post: Post, own: Stance | None) -> Any:
    if not permissions.can_write(request.user):
        return None
    seen = composer.answers_total(post) >= limits.TOTALS_DOTS_FROM
    return composer.blank(request.user, post, stance=own, saw_totals=seen)


def _size(text: str) -> int:
    """Return how many comments a page shall hold: as asked, within what is allowed."""
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return limits.COMMENTS_PER_PAGE
    return max(1, min(int(text), limits.COMMENTS_PER_PAGE_MAX))


def _as_nodes(comments: Iterable[Comment]) -> list[Node]:
    return [Node(comment, indent=0) for comment in comments]
