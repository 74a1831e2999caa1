"""Whether a new comment waits for the approval of a moderator."""

from functools import cache

from accounts.models import User
from core import limits
from core.db.prepared import Prepared
from core.markdown.html import linked_in
from posts.models import Post
from publication import current

from ..models import Comment, CommentState
from ..permissions import is_exempt

# Values of `Comment.held_reason`; a moderator's own is in `comments.moderation.words`.
HELD_NEWCOMER = "newcomer"
HELD_LINKS = "links"


def is_newcomer(person: User) -> bool:
    """Return whether the site still holds comments of `person`: so few were published."""
    return not person.is_demo and not person.is_staff and left_to_approve(person) > 0


def was_newcomer(comment: Comment) -> bool:
    """Return whether the writer of `comment` was a newcomer when it was published."""
    person, enough = comment.author, current.current().newcomer_comments
    earlier = Comment.objects.filter(author=person, published_at__lt=comment.published_at)
    if person.is_demo or person.is_staff:
        return False
    return earlier.order_by()[:enough].count() < enough


def left_to_approve(person: User) -> int:
    """Return how many comments of `person` have to be approved before others appear at once."""
    enough = current.current().newcomer_comments
    return enough - len(_published(enough).rows(author=person.pk)) if enough else 0


def reason_to_hold(person: User, post: Post, body_html: str, *, newcomer: bool) -> str:
    """Return why a comment has to wait for approval, or an empty string."""
    if is_exempt(person, post) or not newcomer:
        return ""
    if body_html.count("<a ") - len(linked_in(body_html)) > limits.NEWCOMER_LINKS:
        return HELD_LINKS
    return HELD_NEWCOMER


@cache
def _published(count: int) -> Prepared:
    """Return the query for the ids of `count` published comments of a writer."""
    return Prepared(
        lambda author: (
            Comment.objects.filter(author=author, published_at__isnull=False)
            # One held again is still to be approved.
            .exclude(state=CommentState.HELD)
            .order_by()
            .values_list("pk")[:count]
        ),
        author=int,
    )
