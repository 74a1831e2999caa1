"""Template filters for stored HTML."""

from django import template
from django.utils.safestring import SafeString

from core.markdown import html as markup

register = template.Library()


@register.filter
def trusted(html: str) -> SafeString:
    """Print HTML from the database that `core.markdown.html` rendered."""
    return markup.trusted(html)


@register.filter
def beginning(html: str, limit: int) -> SafeString:
    """Print such HTML, cut to `limit` characters of text after a word."""
    return markup.beginning(html, limit)
