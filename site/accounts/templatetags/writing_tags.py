"""Template tag that says why somebody may not write."""

from django import template

from ..models import User
from ..permissions import why_not_write

register = template.Library()


@register.simple_tag
def reason_not_to_write(user: User) -> str:
    """Return why `user` may not write and until when: `{% reason_not_to_write user %}`."""
    return why_not_write(user)
