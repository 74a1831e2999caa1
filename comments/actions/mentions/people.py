"""Find the people whom a text mentions, by their present and former handles."""

from collections.abc import Collection

from django.utils import timezone

from accounts.models import FormerHandle, User
from core import limits
from core.markdown.html import mentioned_in
from core.text import skeleton


def addresses_in(text: str) -> dict[str, str]:
    """Return the addresses of the profiles that the Markdown `text` may mention, by handle.

    In two queries; in none for a text without mentions.
    """
    people = people_called(mentioned_in(text)[: limits.MENTIONS_LINKED])
    return {handle: person.get_absolute_url() for handle, person in people.items()}


def people_called(handles: Collection[str]) -> dict[str, User]:
    """Return the people with `handles`, in lower case, who can be mentioned, by that handle.

    A former handle is its person's as long as it leads to their profile.
    """
    if not handles:
        return {}
    keys = {skeleton(handle) for handle in handles}
    people = User.objects.mentionable()
    found = {each.handle.lower(): each for each in people.filter(handle_skeleton__in=keys)}
    if not found.keys() >= set(handles):
        former = FormerHandle.objects.filter(
            handle_skeleton__in=keys, released_at__gt=timezone.now(), user__in=people
        )
        once = {each.handle.lower(): each.user for each in former.select_related("user")}
        found = once | found
    return {handle: found[handle] for handle in handles if handle in found}
