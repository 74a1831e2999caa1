"""The button to follow something, and to end that: a form that works without scripts.

For somebody signed out it is a link to the page of the same address, so that public pages are the
same bytes for everybody.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import User
from core.caching.reverse import cached_reverse
from core.csrf import drawn_for, form_token
from core.templating.slots import SlotTemplate

from ..models import Subscription
from ..targets import Key, type_of

_SLOTS = ("url", "title", "csrf_token", "drawn_for")
# The attribute of a request with what the person follows, where its page has loaded it.
_LOADED = "followed_here"


def address(name: str, key: Key) -> str:
    """Return the address of the page, and of the form, to follow a target."""
    arguments = [name, key.id, *filter(None, [key.detail])]
    return cached_reverse("following:follow", *arguments)


def know(request: HttpRequest, keys: frozenset[tuple[str, Key]]) -> None:
    """Note that the person follows `keys`: the buttons of the page ask no more."""
    setattr(request, _LOADED, keys)


def know_all(request: HttpRequest) -> None:
    """Load all that the person follows, in one query, for a page with several buttons."""
    if isinstance(request.user, User):
        rows = Subscription.objects.of(request.user).active()
        found = rows.values_list("target", "target_id", "detail")
        know(request, frozenset((name, Key(pk, detail)) for name, pk, detail in found))


def known_ids(request: HttpRequest, name: str) -> frozenset[int]:
    """Return the ids of the type `name` that the person follows, as far as the page knows."""
    keys: frozenset[tuple[str, Key]] = getattr(request, _LOADED, frozenset())
    return frozenset(key.id for kind, key in keys if kind == name)


def link(name: str, key: Key, title: str) -> SafeString:
    """Return the link for somebody signed out."""
    values = {**dict.fromkeys(_SLOTS, ""), "url": address(name, key), "title": title}
    return _template(name, _Shape(is_link=True), get_language()).fill(values)


def button(request: HttpRequest, name: str, key: Key, title: str) -> SafeString:
    """Return the button of the person asking, a link for somebody signed out."""
    if not request.user.is_authenticated:
        return link(name, key, title)
    known: frozenset[tuple[str, Key]] | None = getattr(request, _LOADED, None)
    if known is not None:
        is_on = (name, key) in known
    else:
        is_on = Subscription.objects.of(request.user).active().to(name, *key).exists()
    return form(request, name, key, title, is_on=is_on)


def form(
    request: HttpRequest,
    name: str,
    key: Key,
    title: str,
    *,
    is_on: bool,
    pressed: bool = False,
    in_menu: bool = False,
) -> SafeString:
    """Return the form to follow a target, or to end that if `is_on`.

    With `pressed` it takes the place of the one that was just sent, `in_menu` of a button that
    belongs to another form of its page.
    """
    values: dict[str, Any] = {
        "url": address(name, key),
        "title": title,
        "csrf_token": form_token(request),
        "drawn_for": drawn_for(request),
    }
    shape = _Shape(is_on=is_on, pressed=pressed, in_menu=in_menu)
    return _template(name, shape, get_language()).fill(values)


class _Shape(NamedTuple):
    """Everything but its type that decides what a button looks like."""

    is_link: bool = False
    is_on: bool = False
    pressed: bool = False
    in_menu: bool = False


@lru_cache(maxsize=100)
def _template(name: str, shape: _Shape, language: str) -> SlotTemplate:
    """Return the button of a type: some six shapes for each, in every language."""
    context = {"type": type_of(name), **shape._asdict()}
    return SlotTemplate("following/_button.html", context, _SLOTS)
