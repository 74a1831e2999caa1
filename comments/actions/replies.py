"""Whether a comment can be answered."""

from django.utils.translation import gettext as _

from core.exceptions import ActionRefused, Link
from core.timestamps import moment_of

from ..models import Comment, CommentState
from ..models.moderation import Action, Decision, ThreadReason
from ..tree import paths


def refuse_unless_open(parent: Comment, *, exempt: bool) -> None:
    """Raise `ActionRefused` if no reply to `parent` can be taken.

    `parent` and its thread have to be read under their locks.
    """
    if parent.is_deleted or parent.state != CommentState.PUBLISHED:
        raise ActionRefused(
            _(
                "The comment you are replying to is no longer there. Your words are kept "
                "below: you can post them as a thread of their own."
            ),
            status=404,
        )
    if not exempt and (why := why_closed(parent.thread)):
        raise ActionRefused(f"{why} {_('Your words are kept below.')}", status=403)
    if not parent.takes_depth:
        raise _too_deep(parent)


def why_closed(root: Comment) -> str:
    """Return since when and why the thread of `root` takes no replies; "" if it takes them."""
    if root.locked_at is None:
        return ""
    locks = Decision.objects.filter(comment=root, action=Action.LOCK).order_by("-pk")
    reason = locks.values_list("reason", flat=True).first()
    said = {"when": moment_of(root.locked_at)}
    if reason is None or reason not in ThreadReason or reason == ThreadReason.OTHER_THREAD:
        return _("This thread has been closed to new replies since %(when)s.") % said
    said["reason"] = str(ThreadReason(reason).label)
    return (
        _("This thread has been closed to new replies since %(when)s, because it %(reason)s.")
        % said
    )


def _too_deep(parent: Comment) -> ActionRefused:
    """Return the refusal of a reply to `parent`, with a link to one above that can be answered."""
    above = paths.row_ids(parent.path)[:-1]
    open_ones = Comment.objects.readable().without_text().filter(pk__in=above)
    nearest = open_ones.select_related("author").order_by("-depth").first()
    if nearest is None:
        return ActionRefused(
            _("Replies cannot go any deeper here. Your words are kept below."), status=409
        )
    return ActionRefused(
        _("Replies cannot go any deeper here. Your words are kept below; please reply instead to"),
        status=409,
        link=Link(
            nearest.get_absolute_url(),
            _("the comment by %(who)s") % {"who": nearest.author.display_name},
        ),
    )
