"""The template tag for the hidden fields of every form that posts; no template has to load it.

It takes the place of Django's own `csrf_token` (`TEMPLATES` in the settings), so the forms of
third-party templates have the fields, too.
"""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..csrf import DRAWN_FOR, drawn_for

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Any) -> SafeString:
    """Print the CSRF token, and for whom the page is drawn.

    Slot templates have no request; their context has both values.
    """
    token = CsrfTokenNode().render(context)
    request = context.get("request")
    signed = context.get(DRAWN_FOR) or (drawn_for(request) if request is not None else "")
    if not signed:
        return format_html("{}", token)
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, DRAWN_FOR, signed)
