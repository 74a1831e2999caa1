"""Say what is new in a discussion since the reader's last visit, and lead to it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import limits
from core.caching.reverse import cached_reverse
from core.numbers import grouped

from ..reading.visits import MarkedRead
from .cards import new_label
from .context import DiscussionContext


def values(shown: DiscussionContext) -> dict[str, Any]:
    """Return the words and addresses about what is new, for the template of the discussion."""
    reading, params = shown.reading, shown.params
    is_public = shown.reader.id is None
    return {
        "visit_url": "" if is_public else cached_reverse("comments:visit", shown.post.slug),
        "version": shown.post.page_version,
        "news_title": title(len(reading.news)) if reading.news else "",
        "first_new": shown.new[0] if shown.new else "",
        "news_query": params.since_version(reading.known) if reading.known is not None else "",
        "new_behind": _behind(shown),
        "marked": str(marked(shown) or ""),
    }


def marked(shown: DiscussionContext) -> MarkedRead | None:
    """Return what the reader has just marked as read, as the address of the page says."""
    if shown.reader.id is None:
        return None
    return MarkedRead.of(shown.request.GET.get("marked", ""))


def title(number: int) -> str:
    """Return how many comments are new since the last visit, in words."""
    if number > limits.NEWS_COUNTED:
        words = {"n": grouped(limits.NEWS_COUNTED)}
        return _("More than %(n)s new comments since your last visit") % words
    return ngettext(
        "%(n)s new comment since your last visit",
        "%(n)s new comments since your last visit",
        number,
    ) % {"n": grouped(number)}


def _behind(shown: DiscussionContext) -> str:
    """Return how many new replies a thread has that the end of the page cuts; empty for none."""
    if not shown.page.next_thread or not shown.reading.news:
        return ""
    number = shown.reading.new_behind(shown.page.comments[-1].path)
    return f" · {new_label(number)}" if number else ""
