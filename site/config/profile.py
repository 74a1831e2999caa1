"""Read what the environment sets of the site profile, which then nobody can change on a page."""

from collections.abc import Callable, Collection
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import env, limits

Check = tuple[Callable[[str], bool], str]
_HELD = "NEWCOMER_COMMENTS"


def from_environment(languages: Collection[str]) -> dict[str, tuple[str, Any]]:
    """Return the variable and the value of each field that the environment sets.

    `languages` are the codes of those that are translated. Stops the start, with a sentence that
    names the variable, for a value that no profile may have.
    """
    checks: dict[str, tuple[str, Check]] = {
        "name": ("SITE_NAME", _at_most(limits.SITE_NAME_MAX)),
        "tagline": ("SITE_TAGLINE", _at_most(limits.SITE_TAGLINE_MAX)),
        "description": ("SITE_DESCRIPTION", _at_most(limits.SITE_DESCRIPTION_MAX)),
        "contact": ("SITE_CONTACT", (_is_address, "must be an e-mail address.")),
        "language": (
            "SITE_LANGUAGE",
            (languages.__contains__, f"must be one of {', '.join(languages)}."),
        ),
        "time_zone": (
            "SITE_TIME_ZONE",
            (lambda zone: zone in available_timezones(), "must be a zone like Europe/Dublin."),
        ),
    }
    found: dict[str, tuple[str, Any]] = {}
    for field, (variable, (is_right, sentence)) in checks.items():
        value = env.text(variable)
        if value and not is_right(value):
            env.refuse(variable, sentence)
        if value:
            found[field] = (variable, value)
    held = env.whole_number(_HELD, limits.NEWCOMER_COMMENTS)
    if env.text(_HELD):
        found["newcomer_comments"] = (_HELD, held)
    return found


def _at_most(limit: int) -> Check:
    def fits(value: str) -> bool:
        return len(value) <= limit and value.isprintable()

    return fits, f"must be one line of at most {limit} characters."


def _is_address(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True
