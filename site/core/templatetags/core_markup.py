"""Stored HTML in templates."""

from django import template
from django.utils.safestring import SafeString

from core.markdown import html as markup

register = template.Library()


@register.filter
def trusted(html: str) -> SafeString:
    """Print HTML that `core.markdown.html` made and the database kept."""
    return markup.trusted(html)
