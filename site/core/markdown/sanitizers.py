"""Sanitize rendered HTML with bleach, then with nh3.

The project began with bleach. Its last release was in June 2026 and it gets no more security fixes,
so nh3, which is maintained, runs last.
"""

from collections.abc import Callable

import nh3
from bleach.sanitizer import Cleaner

from .policy import ALLOWED, SCHEMES, Profile, permits

Sanitizer = Callable[[str], str]


def sanitizers(profile: Profile) -> tuple[Sanitizer, ...]:
    """Return the sanitizers for `profile`, in the order in which they run."""
    return (_bleach(profile), _nh3(profile))


def _bleach(profile: Profile) -> Sanitizer:
    def permitted(tag: str, attribute: str, value: str) -> bool:
        return permits(profile, tag, attribute, value)

    cleaner = Cleaner(
        tags=set(ALLOWED[profile]), attributes=permitted, protocols=SCHEMES, strip=True
    )
    return cleaner.clean


def _nh3(profile: Profile) -> Sanitizer:
    def permitted(tag: str, attribute: str, value: str) -> str | None:
        return value if permits(profile, tag, attribute, value) else None

    cleaner = nh3.Cleaner(
        tags=set(ALLOWED[profile]),
        attributes={tag: set(attributes) for tag, attributes in ALLOWED[profile].items()},
        attribute_filter=permitted,
        url_schemes=set(SCHEMES),
        link_rel=None,  # set by the parser and checked by the policy
    )
    return cleaner.clean
