"""Check the addresses of links and images: which are safe, which are external."""

import re

# Characters that browsers ignore and people cannot see (`java\u200bscript:`) are encoded, not
# removed, so that the part before the colon is a scheme that is refused.
_ENCODED = re.compile("[!-~]*")
_SAFE = re.compile(r"https?://[^/?#\\]|mailto:[^/?#]", re.IGNORECASE)
_SCHEME = re.compile("[^/?#]*:")
_EXTERNAL = re.compile(r"https?:|[/\\]{2}", re.IGNORECASE)
_OWN_IMAGE = re.compile(r"/media/(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)


def is_safe(address: str) -> bool:
    """Return whether an encoded `address` may be linked: http, https, mailto or no scheme."""
    if not _ENCODED.fullmatch(address):
        return False
    return bool(_SAFE.match(address)) or not _SCHEME.match(address)


def is_external(address: str) -> bool:
    """Return whether `address` contains a host, possibly of another site."""
    return bool(_EXTERNAL.match(address))


def is_own_image(address: str) -> bool:
    """Return whether `address` is a path of a file uploaded to this site."""
    return bool(_OWN_IMAGE.fullmatch(address))
