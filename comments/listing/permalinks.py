"""Addresses inside a discussion: the page on which a comment is found, and pages around it."""

from urllib.parse import urlencode

from core import limits

from ..models import Comment
from . import chronological, ranked
from .sorts import Sort


def page_url(comment: Comment) -> str:
    """Return the address of the page that shows `comment`, ending in its fragment.

    That is the first page if it is there, else a page that begins with its thread, else the page of
    its branch.
    """
    shown = comment if comment.is_shown else comment.parent
    return f"{_page_of(comment, shown)}#comment-{comment.pk}"


def whole_url(comment: Comment) -> str:
    """Return the address of a page that shows `comment` (`access.get_place`) in full.

    Long comments are folded on a page, except the first comment of a branch.
    """
    is_folded = comment.text_length > limits.FOLDED_FROM  # type: ignore[attr-defined]
    if is_folded and comment.is_readable:
        return f"{branch_url(comment)}#comment-{comment.pk}"
    return page_url(comment)


def _page_of(comment: Comment, shown: Comment | None) -> str:
    url = comment.post.get_absolute_url()
    if shown is None:
        return url
    if shown.depth > limits.INDENT_WIDE:
        return branch_url(shown)
    if comment.post.front and ranked.is_on_first_page(comment.post, shown):
        return url
    order = {"sort": Sort.OLDEST.value} if comment.post.front else {}
    if chronological.is_on_page(shown, ""):
        return f"{url}?{urlencode(order)}" if order else url
    start = chronological.thread_start(shown)
    if chronological.is_on_page(shown, start):
        return f"{url}?{urlencode({**order, 'after': start})}"
    return branch_url(shown)


def branch_url(comment: Comment) -> str:
    """Return the address of the branch that begins with `comment`."""
    return f"{comment.post.get_absolute_url()}?{urlencode({'thread': comment.pk})}"
