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
    return f"{_page_of(comment, _shown(comment))}#comment-{comment.pk}"


def _shown(comment: Comment) -> Comment | None:
    """Return `comment` if it is shown, else the one above, at which it waits; None at the top."""
    if comment.is_shown or comment.parent_id is None:
        return comment if comment.is_shown else None
    return Comment.objects.without_text().select_related("post").get(pk=comment.parent_id)


def whole_url(comment: Comment) -> str:
    """Return the address of a page that shows `comment` (`access.get_place`) in full.

    Long comments are folded on a page, except the first comment of a branch.
    """
    is_folded = comment.text_length > limits.FOLDED_FROM  # type: ignore[attr-defined]
    if is_folded:
        return f"{branch_url(comment)}#comment-{comment.pk}"
    return page_url(comment)


def place_url(comment: Comment) -> str:
    """Return the address of the place of `comment`, which may be gone; it answers 200 in any case.

    That is its branch, as long as it has its place above replies, else the discussion.
    """
    if comment.is_shown:
        return f"{branch_url(comment)}#comment-{comment.pk}"
    return f"{comment.post.get_absolute_url()}#discussion"


def _page_of(comment: Comment, shown: Comment | None) -> str:
    url = comment.post.get_absolute_url()
    if shown is None:
        return url
    if shown.depth > limits.INDENT_WIDE:
        return branch_url(shown)
    question = comment.post.question_or_none
    # Who may see hidden totals gets the order by rank, all others the order of time: an address
    # that names the order is the same for all, and does not tell whether there is a ranking.
    is_blind = question is not None and not question.shows_totals_to_all
    if not is_blind and comment.post.front and ranked.is_on_first_page(comment.post, shown):
        return url
    order = {"sort": Sort.OLDEST.value} if is_blind or comment.post.front else {}
    if chronological.is_on_page(shown, ""):
        return f"{url}?{urlencode(order)}" if order else url
    start = chronological.thread_start(shown)
    if chronological.is_on_page(shown, start):
        return f"{url}?{urlencode({**order, 'after': start})}"
    return branch_url(shown)


def branch_url(comment: Comment) -> str:
    """Return the address of the branch that begins with `comment`."""
    return f"{comment.post.get_absolute_url()}?{urlencode({'thread': comment.pk})}"
