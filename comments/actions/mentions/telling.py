"""Notify the people whom a comment mentions: the first of them, each once."""

from accounts.models import User
from core import limits
from core.markdown.html import linked_in
from notifications.actions import News, notify
from notifications.models import Notification
from posts.models import Post

from ...models import Comment
from ...notifications import MENTION
from .. import premoderation
from .people import people_called


def tell(comment: Comment) -> None:
    """Notify people whom `comment` mentions, which has come into view or has other words.

    To be called with it locked. Over all its texts it tells as many as `limits` say, so that
    edits tell no others in their place.
    """
    people = _mentioned(comment)
    if not people:
        return
    told = set(Notification.objects.of(MENTION, comment.pk).values_list("recipient", flat=True))
    new = [person for person in people if person.pk not in told]
    for person in new[: _room(comment, told=len(told), new=len(new))]:
        if _may_see(person, comment.post):
            news = News(person.pk, subject=comment.pk, target=comment.pk)
            notify(MENTION, news, cause=comment.author)


def _mentioned(comment: Comment) -> list[User]:
    """Return the people whom `comment` mentions, the first one first.

    Without its writer, and without the writer of what it replies to, who is told of the reply.
    """
    people = people_called(linked_in(comment.body_html)) if comment.is_readable else {}
    others = {person.pk: person for person in people.values()}
    others.pop(comment.author_id, None)
    if comment.parent is not None:
        others.pop(comment.parent.author_id, None)
    return list(others.values())


def _room(comment: Comment, *, told: int, new: int) -> int:
    """Return how many of `new` people may hear of `comment`, of which some were `told` before."""
    most, least = limits.MENTIONS_TOLD, limits.MENTIONS_TOLD_BY_NEWCOMER
    # Few are told, whatever account wrote it, and most comments mention few.
    if told + new > least and premoderation.was_newcomer(comment):
        most = least
    return max(most - told, 0)


def _may_see(person: User, post: Post) -> bool:
    return post.is_published() or Post.objects.visible_to(person).filter(pk=post.pk).exists()
