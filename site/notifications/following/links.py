"""The links in e-mails to addresses without an account: to confirm, and to see what they follow."""

from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.urls import reverse

from ..models import Subscription

# Bytes of a token: too many to guess.
TOKEN_BYTES = 24
_SALT = "notifications.following.links"


def new_token() -> str:
    """Return a token for an e-mail; only its hash is stored."""
    return token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return sha256(token.encode()).hexdigest()


def to_confirm(token: str) -> str:
    """Return the full address of the page on which the receiver of `token` confirms."""
    return settings.SITE_URL + reverse("following:confirm", args=[token])


def to_list(row: Subscription) -> str:
    """Return the path of the page with all that the address of `row` follows; it does not expire.

    It names a row, not the address, which stays out of histories and logs.
    """
    return to_list_of(row.pk)


def to_list_of(pk: int) -> str:
    """Return that path for the row `pk`."""
    signed = signing.Signer(salt=_SALT).sign_object(pk)
    return reverse("following:by-mail", args=[signed])


def row_of(signed: str) -> Subscription | None:
    """Return the row that its signed name leads to, None if that is forged or the row is gone."""
    try:
        pk = signing.Signer(salt=_SALT).unsign_object(signed)
    except (signing.BadSignature, ValueError):
        return None
    return Subscription.objects.filter(pk=pk if isinstance(pk, int) else 0).first()
