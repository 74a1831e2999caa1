"""Template tags that say how one comes to an account, and what for."""

from typing import Any

from django import template

from .. import guards
from ..admission import gate

register = template.Library()


@register.simple_tag(takes_context=True)
def joining(context: dict[str, Any]) -> gate.Joining:
    """Return how somebody signed out comes to an account: `{% joining as joining %}`."""
    return gate.joining_of(context["request"])


@register.filter
def needs_account(address: str) -> bool:
    """Return whether the page at `address` is for people signed in alone."""
    return guards.needs_account(address)
