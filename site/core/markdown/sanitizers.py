"""The sanitizers that rendered HTML passes. Take one out of `sanitizers` and it is gone.

bleach is what the project set out with. Its last release was in June 2026 and it gets no more
security fixes, so nh3, which is maintained, has the last word.
"""

from collections.abc import Callable

import nh3
from bleach.sanitizer import Cleaner

from .policy import ALLOWED, SCHEMES, Profile, permits

Sanitizer = Callable[[str], str]


def sanitizers(profile: Profile) -> tuple[Sanitizer, ...]:
    """Return the sanitizers for `profile`, in the order in which HTML passes them."""
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
        link_rel=None,  # the parser sets it and the policy holds it, so that it survives here
    )
    return cleaner.clean
