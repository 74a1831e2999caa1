"""Template tags for the site profile; a builtin library, so that every template has them."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.caching.reverse import cached_reverse

from .. import current
from ..look import SCHEMES, shipped

register = template.Library()
# Icons of which a process keeps the links: a cached page shows that of a moment ago.
ICONS_MAX = 8


@register.simple_tag
def site_profile() -> Any:
    """Return the current site profile: `{% site_profile as site %}`."""
    return current.current()


@register.simple_tag
def last_known_profile() -> Any:
    """Return the last profile this process knows, without a query, for pages of failures."""
    return current.last_known()


@register.simple_tag
def look_address() -> str:
    """Print the address of the style sheet of the profile, or nothing if it needs none."""
    digest = current.last_known().look
    return cached_reverse("publication:look", digest) if digest else ""


@register.simple_tag
def icons() -> SafeString:
    """Print the links of icons and manifest, and the colours around a page, without a query."""
    icon = current.last_known().icon
    return _icons(tuple(icon.further.items()) if icon else ())


@lru_cache(maxsize=ICONS_MAX)
def _icons(addresses: tuple[tuple[str, str], ...]) -> SafeString:
    """Return what `icons` prints, with the `addresses` of an icon by size, or with the site's mark.

    Every page has it, so it is rendered once.
    """
    papers = {scheme: shipped()[scheme]["paper"] for scheme in SCHEMES}
    return render_to_string("components/_icons.html", {"icon": dict(addresses), "papers": papers})
