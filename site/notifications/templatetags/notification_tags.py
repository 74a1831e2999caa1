"""Template tags of notifications."""

from django import template
from django.utils.safestring import SafeString

from ..kinds import Content, NotificationKind
from ..words import line_of

register = template.Library()


@register.simple_tag
def notification_line(kind: NotificationKind, content: Content) -> SafeString:
    """Print what a notification says in one line, without a link."""
    return line_of(kind, content)
