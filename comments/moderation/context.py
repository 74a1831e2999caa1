"""Context processor: how much waits at the moderation desk, for the masthead of moderators."""

from threading import Lock

from cachetools import TTLCache, cached
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Admission, User

from .queue import waiting

# Seconds: most pages of a moderator then cost no query for it. A dot may be late by as much.
KEPT_FOR = 20
# Moderators whose number is kept at once, more than any site has.
MODERATORS_MAX = 1_000


def cases_waiting(request: HttpRequest) -> dict[str, object]:
    """Return `cases_waiting`, the number of comments and new accounts that wait, 0 for others.

    It is counted when first used, for each moderator again after a decision or `KEPT_FOR`.
    """

    def count() -> int:
        user = request.user
        if getattr(request, "public", True) or not isinstance(user, User) or not user.is_moderator:
            return 0
        return _count(user)

    return {"cases_waiting": SimpleLazyObject(count)}


@cached(TTLCache(maxsize=MODERATORS_MAX, ttl=KEPT_FOR), key=lambda user: user.pk, lock=Lock())
def _count(user: User) -> int:
    requests = User.objects.public().filter(admission=Admission.WAITING)
    return waiting(user).count() + requests.count()


def forget_counts() -> None:
    """Let this process count again, after a decision."""
    _count.cache_clear()
