"""Template tags for the site profile; a builtin library, so that every template has them."""

from typing import Any

from django import template
from django.utils import timezone

from core.caching.reverse import cached_reverse

from .. import current

register = template.Library()


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
def zone_name() -> str:
    """Print the name of the time zone in which times are shown."""
    return timezone.get_current_timezone_name()
