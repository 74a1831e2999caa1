"""The list of what a person saved for later: see it, take something off it, and undo that."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import person_asking, post_only, signed_in
from accounts.models import User
from core import limits
from core.markdown.html import plain
from core.numbers import number
from posts.models import Post, SavedItem, SavedKind
from posts.pages import loading

from ..listing.cursors import FlatCursor
from ..listing.query_params import place
from ..models import Comment
from ..reading import saving
from .next_steps import next_step
from .own_comments import next_page_url, rows_after
from .posts import with_titles

# Characters quoted of a comment; the row leads to the rest.
QUOTED = 220
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_REMOVED = re.compile(r"(post|comment)-(\d{1,18})-(\d{1,17})")


@dataclass(frozen=True)
class SavedRow:
    """A row of the list; `post` or `comment` is what was saved, neither if it is gone."""

    item: SavedItem
    post: Post | None = None
    comment: Comment | None = None
    quote: str = ""


@dataclass(frozen=True)
class Removed:
    """What was just taken off the list, and when it had been saved, to put it back there."""

    kind: str
    target: int
    saved_at: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.target}-{self.saved_at}"

    @classmethod
    def read(cls, text: str) -> "Removed | None":
        """Return what `text` names, None for another text."""
        found = _REMOVED.fullmatch(text) if text.isascii() else None
        return cls(found[1], int(found[2]), int(found[3])) if found else None

    @classmethod
    def of(cls, item: SavedItem) -> "Removed":
        """Return the same of a row."""
        return cls(item.kind, item.target_id, (item.saved_at - _EPOCH) // _MICROSECOND)


@require_safe
@signed_in
def saved(request: HttpRequest) -> HttpResponse:
    """Show what the person saved, the newest first, all or of one type (`kind`)."""
    person, kind = person_asking(request), _kind(request.GET.get("kind", ""))
    after = place(request.GET)
    found = _found(person, kind, after)
    size = limits.THREADS_PER_PAGE
    context = {
        "rows": _rows(found[:size]),
        "kinds": SavedKind,
        "kind": kind,
        "is_first": after is None,
        "removed": Removed.read(request.GET.get("removed", "")),
        "next_page_url": next_page_url(found, size, _address(), "saved_at"),
        "next_step": next_step,
    }
    return render(request, "me/saved.html", context)


def _found(person: User, kind: SavedKind | None, after: FlatCursor | None) -> list[SavedItem]:
    """Return the rows of a page behind `after`, and one more if there is one."""
    items = SavedItem.objects.filter(reader=person).order_by("-saved_at", "-id")
    if kind:
        items = items.filter(kind=kind)
    return list(rows_after(items, after, "saved_at")[: limits.THREADS_PER_PAGE + 1])


def _rows(items: list[SavedItem]) -> list[SavedRow]:
    """Return the rows of the list, with what everyone may read of each; the same queries."""
    published = Post.objects.published()
    wanted = {kind: [item.target_id for item in items if item.kind == kind] for kind in SavedKind}
    posts = loading.with_bylines(published.filter(pk__in=wanted[SavedKind.POST])).in_bulk()
    readable = Comment.objects.readable().filter(pk__in=wanted[SavedKind.COMMENT])
    readable = readable.filter(post__in=published).select_related("author", "stance")
    comments = with_titles(readable).in_bulk()
    return [
        _row(item, posts.get(item.target_id))
        if item.kind == SavedKind.POST
        else _row(item, comment=comments.get(item.target_id))
        for item in items
    ]


def _row(item: SavedItem, post: Post | None = None, comment: Comment | None = None) -> SavedRow:
    quote = plain(comment.body_html, QUOTED) if comment else ""
    return SavedRow(item, post, comment, quote)


@post_only
@signed_in
def remove(request: HttpRequest) -> HttpResponse:
    """Take the row `target` of the type `kind` off the list, also one that is gone."""
    kind, target = _kind(request.POST.get("kind", "")), number(request.POST.get("target", ""))
    item = None
    if kind and target is not None:
        item = saving.remove(kind, target, by=person_asking(request))
    return _back(request, removed=str(Removed.of(item)) if item else "")


@post_only
@signed_in
def put_back(request: HttpRequest) -> HttpResponse:
    """Put what was taken off the list back to its place; 404 for what is no longer there."""
    removed = Removed.read(request.POST.get("removed", ""))
    if removed is None:
        return _back(request)
    person, post = person_asking(request), _page_of(removed)
    saved_at = now = timezone.now()
    with suppress(OverflowError):  # Of a number that is no time.
        saved_at = min(now, _EPOCH + removed.saved_at * _MICROSECOND)
    saving.save(removed.kind, removed.target, on=post, by=person, now=saved_at)
    return _back(request)


def _page_of(removed: Removed) -> Post:
    """Return the published post that shows what was `removed`; 404 where it is gone."""
    published = Post.objects.published()
    if removed.kind == SavedKind.POST:
        found = published.filter(pk=removed.target)
    else:
        comments = Comment.objects.readable().filter(pk=removed.target)
        found = published.filter(pk__in=comments.values("post"))
    post = found.first()
    if post is None:
        raise Http404
    return post


def _kind(name: str) -> SavedKind | None:
    """Return the type called `name`, None for all."""
    return SavedKind(name) if name in SavedKind.values else None


def _address(**asked: Any) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('comments:my-saved')}{'?' if query else ''}{query}"


def _back(request: HttpRequest, removed: str = "") -> HttpResponse:
    """Redirect to the list of the chosen type."""
    return redirect(_address(kind=_kind(request.POST.get("only", "")), removed=removed))
