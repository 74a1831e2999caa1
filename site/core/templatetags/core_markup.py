"""Template filter for stored HTML."""

from django import template
from django.utils.safestring import SafeString

from core.markdown import html as markup

register = template.Library()


@register.filter
def trusted(html: str) -> SafeString:
    """Print HTML from the database that `core.markdown.html` rendered."""
    return markup.trusted(html)
