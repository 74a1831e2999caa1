"""Keep the secret of an app that is being set up, encrypted, in the session."""

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import HttpRequest

from . import encryption

_KEY = "second_factor_pending"


def secret_of(request: HttpRequest) -> str | None:
    """Return the secret that is being set up, or None."""
    token = request.session.get(_KEY)
    return encryption.decrypt(token) if isinstance(token, str) else None


def secret_for(request: HttpRequest) -> str:
    """Return the secret that is being set up, a new one if there is none.

    It stays the same until it is confirmed, so that a second look at the page spoils nothing.
    """
    secret = secret_of(request)
    if secret is None:
        secret = str(generate_totp_secret())
        request.session[_KEY] = encryption.encrypt(secret)
    return secret


def forget(request: HttpRequest) -> None:
    """Remove the secret from the session."""
    request.session.pop(_KEY, None)
