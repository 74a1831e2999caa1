"""The title of a discussion: how many comments are in the list shown, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import grouped

from .context import LISTED_TO, DiscussionContext


def comments_label(count: int) -> str:
    """Return a number of comments, in words."""
    return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": grouped(count)}


def title(count: int) -> str:
    """Return the title of a whole discussion with `count` comments."""
    return comments_label(count) if count else _("No comments yet")


def title_of(shown: DiscussionContext) -> str:
    """Return the title of the discussion as it is shown: of all comments, or of a part of them.

    While totals are hidden it says no number by answer, which would tell how readers answer.
    """
    total, stance = shown.post.comment_count, shown.params.stance
    if total and stance and shown.params.since is None and not shown.shows_totals:
        return _("Comments that answer %(word)s") % {"word": stance.word}
    return title(total) if shown.listed is None or not total else part_title(shown.listed, total)


def part_title(listed: int, total: int) -> str:
    """Return the title of a list with `listed` of the `total` comments of a discussion."""
    words = {"n": grouped(min(listed, LISTED_TO)), "total": grouped(total)}
    if listed > LISTED_TO:
        return _("More than %(n)s of %(total)s comments") % words
    if not listed:
        return ngettext("None of %(total)s comment", "None of %(total)s comments", total) % words
    return ngettext("%(n)s of %(total)s comment", "%(n)s of %(total)s comments", total) % words
