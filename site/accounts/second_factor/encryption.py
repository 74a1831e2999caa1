"""Encrypt the secrets of second factors, so that a copy of the database alone reveals none.

The keys are derived from `SECRET_KEY` and `SECRET_KEY_FALLBACKS`. A key in a file would be in every
backup, beside what it encrypts, and servers that share a database would have to share the file.
"""

import logging
import secrets
from base64 import b32encode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

_SALT = "accounts.second_factor.encryption"
# Bytes; as many as a secret has.
_SECRET_SIZE = 20


def encrypt(text: str) -> str:
    """Return `text` encrypted under `SECRET_KEY`."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text of `token`, encrypted under the present key or a former one.

    A token that no key opens is logged, and a random secret takes its place: no code is right then,
    while an empty one would make codes that anybody can compute.
    """
    try:
        return _keys().decrypt(token).decode()
    except InvalidToken:
        logger.error(
            "A second factor was encrypted under a SECRET_KEY that is not in SECRET_KEY_FALLBACKS."
        )
        return b32encode(secrets.token_bytes(_SECRET_SIZE)).decode()


def under_present_key(token: str) -> str:
    """Return `token` encrypted anew under `SECRET_KEY`; unchanged if no key opens it."""
    try:
        return _keys().rotate(token.encode()).decode()
    except InvalidToken:
        return token


def _keys() -> MultiFernet:
    return MultiFernet(
        [_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _fernet(secret: str | bytes) -> Fernet:
    derived = salted_hmac(_SALT, "fernet", secret=secret, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(derived))
