"""Addresses of links and images: which are safe, which lead elsewhere."""

import re

# What browsers skip and people never see (`java\u200bscript:`) is not taken out but encoded, and
# then the colon that makes a scheme of what stands before it condemns the whole.
_ENCODED = re.compile("[!-~]*")
_SAFE = re.compile(r"https?://[^/?#\\]|mailto:[^/?#]", re.IGNORECASE)
_SCHEME = re.compile("[^/?#]*:")
_ELSEWHERE = re.compile(r"https?:|[/\\]{2}", re.IGNORECASE)
_OWN_IMAGE = re.compile(r"/media/(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)


def is_safe(address: str) -> bool:
    """Tell whether a link may lead to an encoded `address`: http, https, mailto, or no scheme."""
    if not _ENCODED.fullmatch(address):
        return False
    return bool(_SAFE.match(address)) or not _SCHEME.match(address)


def leads_elsewhere(address: str) -> bool:
    """Tell whether `address` names a host, which may be another than ours."""
    return bool(_ELSEWHERE.match(address))


def is_own_image(address: str) -> bool:
    """Tell whether `address` is a file that was uploaded to this site."""
    return bool(_OWN_IMAGE.fullmatch(address))
