"""E-mail addresses as they are stored where nobody may read them: as a hash under a key."""

from accounts import handles


def digest_of(address: str) -> str:
    """Return what is stored of an address: a hash under the key of the site."""
    return handles.digest(f"e-mail:{address.lower()}")
