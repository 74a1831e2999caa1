"""Whether a new comment waits for the approval of a moderator."""

from functools import cache

from accounts.models import User
from core import limits
from core.db.prepared import Prepared
from posts.models import Post

from ..models import Comment
from ..permissions import is_exempt

# Values of `Comment.held_reason`; a moderator's own is in `comments.moderation.words`.
HELD_NEWCOMER = "newcomer"
HELD_LINKS = "links"


def is_newcomer(person: User) -> bool:
    """Return whether fewer than `NEWCOMER_COMMENTS` of the person's comments were published."""
    enough = limits.NEWCOMER_COMMENTS
    if not enough or person.is_demo or person.is_staff:
        return False
    return len(_published(enough).rows(author=person.pk)) < enough


def reason_to_hold(person: User, post: Post, body_html: str, *, newcomer: bool) -> str:
    """Return why a comment has to wait for approval, or an empty string."""
    if is_exempt(person, post) or not newcomer:
        return ""
    if body_html.count("<a ") > limits.NEWCOMER_LINKS:
        return HELD_LINKS
    return HELD_NEWCOMER


@cache
def _published(count: int) -> Prepared:
    """Return the query for the ids of `count` published comments of a writer."""
    return Prepared(
        lambda author: (
            Comment.objects.filter(author=author, published_at__isnull=False)
            .order_by()
            .values_list("pk")[:count]
        ),
        author=int,
    )
