"""Template tag that says how one comes to an account."""

from typing import Any

from django import template

from ..admission import gate

register = template.Library()


@register.simple_tag(takes_context=True)
def joining(context: dict[str, Any]) -> gate.Joining:
    """Return how somebody signed out comes to an account: `{% joining as joining %}`."""
    return gate.joining_of(context["request"])
