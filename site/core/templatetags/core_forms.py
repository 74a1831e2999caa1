"""The template tag for the hidden fields of every form that posts; no template has to load it.

It takes the place of Django's own `csrf_token` (`TEMPLATES` in the settings), so the forms of
third-party templates have the fields, too.
"""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ..csrf import DRAWN_FOR, drawn_for, form_token

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Any) -> SafeString:
    """Print the CSRF token, and for whom the page is drawn.

    Slot templates have no request; their context has both values.
    """
    request = context.get("request")
    if request is None:
        token, signed = context.get("csrf_token", ""), context.get(DRAWN_FOR, "")
    else:
        token, signed = form_token(request), drawn_for(request)
    given = [("csrfmiddlewaretoken", token), (DRAWN_FOR, signed)]
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}">', [each for each in given if each[1]]
    )
