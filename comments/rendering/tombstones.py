"""The sentence in place of a comment whose text a discussion does not show."""

from django.utils.translation import gettext as _

from ..listing.rows import CommentRow
from ..models import Comment, CommentState
from ..models.moderation import Reason


def tombstone(comment: Comment | CommentRow, reader: int | None) -> str:
    """Return the sentence in place of the text of `comment`, or an empty string.

    `reader` is the id of the reader, None for a visitor. The text itself is withheld where it is
    read, by `querysets.text_in_discussion`; this follows the same rule.
    """
    if comment.is_readable:
        return ""
    if comment.is_deleted:
        return _("Its writer deleted this comment.")
    if comment.state == CommentState.REMOVED:
        reason = Reason(comment.removed_reason).label
        return _("A moderator removed this comment: it %(reason)s.") % {"reason": reason}
    if comment.state == CommentState.HIDDEN:
        return _("This comment is hidden until a moderator has looked at it.")
    return "" if comment.author_id == reader else _("This comment waits for approval.")
