"""Whether a comment can be answered."""

from django.utils.translation import gettext_lazy as _

from core.exceptions import ActionRefused, Link

from ..models import Comment, CommentState
from ..tree import paths


def refuse_unless_open(parent: Comment, *, exempt: bool) -> None:
    """Raise `ActionRefused` if no reply to `parent` can be taken.

    `parent` and its thread have to be read under their locks.
    """
    if parent.is_deleted or parent.state != CommentState.PUBLISHED:
        raise ActionRefused(
            _(
                "The comment you answer is no longer there. Your words are kept below; "
                "you can post them as a thread of their own."
            ),
            status=404,
        )
    if parent.thread.locked_at is not None and not exempt:
        raise ActionRefused(
            _("This thread is closed to new replies. Your words are kept below."), status=403
        )
    if not parent.takes_depth:
        raise _too_deep(parent)


def _too_deep(parent: Comment) -> ActionRefused:
    """Return the refusal of a reply to `parent`, with a link to one above that can be answered."""
    above = paths.row_ids(parent.path)[:-1]
    open_ones = Comment.objects.readable().without_text().filter(pk__in=above)
    nearest = open_ones.select_related("author").order_by("-depth").first()
    if nearest is None:
        return ActionRefused(
            _("This thread cannot go any deeper. Your words are kept below."), status=409
        )
    return ActionRefused(
        _("This thread cannot go any deeper. Your words are kept below; please answer instead"),
        status=409,
        link=Link(
            nearest.get_absolute_url(),
            _("the comment by %(handle)s") % {"handle": nearest.author.handle},
        ),
    )
