"""E-mail addresses: the mailbox they lead to, and what is stored where nobody may read them."""

from django.utils.encoding import punycode

from accounts import handles

# Hosts that ignore dots in the name of a mailbox.
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


def digest_of(address: str) -> str:
    """Return what is stored of an address: a hash under the key of the site."""
    return handles.digest(f"e-mail:{address.lower()}")


def mailbox_of(address: str) -> str:
    """Return the mailbox to which `address` leads as far as its form tells: "a+b@" is that of "a@".

    One mailbox has as many addresses as somebody thinks of: each would be mailed, and count.
    """
    name, _at, host = address.lower().rpartition("@")
    name, host = name.partition("+")[0] or name, punycode(host)
    if host in _WITHOUT_DOTS:
        name, host = name.replace(".", ""), min(_WITHOUT_DOTS)
    return f"{name}@{host}"


def mailbox_digest_of(address: str) -> str:
    """Return what is stored of the mailbox to which `address` leads."""
    return digest_of(mailbox_of(address))
