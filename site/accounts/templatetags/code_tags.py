"""Template tag that says how long a code works, for the page that asks for it and its mail."""

from allauth.account import app_settings
from django import template

register = template.Library()


@register.simple_tag
def code_minutes() -> int:
    """Return for how many minutes a code works, whatever it is for: `{% code_minutes as n %}`.

    The settings have one time for all codes.
    """
    return int(app_settings.LOGIN_BY_CODE_TIMEOUT // 60)
