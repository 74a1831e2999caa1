"""An authenticator app and a passkey in software, as a person would hold them."""

import json
import re
import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from unittest import mock

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256

from tests.factories import PASSWORD

HOST = "localhost"  # the one host with which WebAuthn works without TLS
ORIGIN = f"http://{HOST}"
SIGN_IN = "/accounts/login/"
FACTORS = "/accounts/2fa/"
APP = "/accounts/2fa/totp/activate/"
CODE = "/accounts/2fa/authenticate/"
ADD_PASSKEY = "/accounts/2fa/webauthn/add/"
PASSKEY_SIGN_IN = "/accounts/2fa/webauthn/login/"
_KEY = re.compile(r"<code>([A-Z2-7]{32})</code>")
_OPTIONS = re.compile(r'<script id="passkey-options" type="application/json">(.*?)</script>')
_USER_PRESENT, _USER_VERIFIED, _CREDENTIAL_INCLUDED = 0x01, 0x04, 0x40
STEP = 30  # seconds


def new_client() -> Client:
    """Return a browser on the host of `ORIGIN`."""
    return Client(HTTP_HOST=HOST)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    """Type address and password."""
    return client.post(SIGN_IN, {"login": email, "password": password})


def confirm(client: Client) -> None:
    """Type the password again, as before a sensitive change."""
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": PASSWORD})


def is_in(client: Client) -> bool:
    """Return whether somebody is signed in."""
    return "_auth_user_id" in client.session


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code that an app with `secret` shows, `steps` half minutes from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps)))


def later(steps: int) -> Any:
    """Let the clock of the app and of the site be `steps` half minutes ahead."""
    return mock.patch("time.time", lambda now=time.time: now() + steps * STEP)


def held() -> Any:
    """Hold the clock of the app and of the site in the middle of a half minute."""
    return mock.patch("time.time", return_value=time.time() // STEP * STEP + STEP / 2)


def add_app(client: Client) -> str:
    """Add an app to the account of `client`, which has just confirmed; return its secret."""
    found = _KEY.search(client.get(APP).text)
    assert found is not None
    # A half minute may end between the code and its check, which takes no code of two steps before.
    while client.post(APP, {"code": code_of(found[1], -1)}).status_code == 200:
        assert found[1] in client.get(APP).text
    return found[1]


class Passkey:
    """A device with one passkey."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = token_bytes(16)
        self.user_handle = ""
        self.origin = ORIGIN
        self.verifies = True

    def made_for(self, page: str) -> str:
        """Return the credential that answers the options of the `page` that adds it."""
        options = options_of(page)
        self.user_handle = options["user"]["id"]
        public = ES256.from_cryptography_key(self._key.public_key())  # type: ignore[no-untyped-call]
        data = self._authenticator_data(_CREDENTIAL_INCLUDED)
        data += bytes(16) + struct.pack(">H", len(self._id)) + self._id + cbor.encode(dict(public))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options["challenge"])
        return self._credential(clientDataJSON=client_data, attestationObject=attestation)

    def answer(self, options: dict[str, Any]) -> str:
        """Return the credential that answers `options` to sign in."""
        data = self._authenticator_data()
        client_data = self._client_data("webauthn.get", options["challenge"])
        signed = self._key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=signed,
            userHandle=urlsafe_b64decode(self.user_handle + "=="),
        )

    def _authenticator_data(self, more: int = 0) -> bytes:
        flags = _USER_PRESENT | more | (_USER_VERIFIED if self.verifies else 0)
        return sha256(HOST.encode()).digest() + bytes([flags]) + bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _credential(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": _text(self._id),
                "rawId": _text(self._id),
                "type": "public-key",
                "response": {name: _text(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )


def options_of(page: str) -> dict[str, Any]:
    """Return the options of WebAuthn that `page` has for its script."""
    found = _OPTIONS.search(page)
    assert found is not None, page
    options: dict[str, Any] = json.loads(found[1])["publicKey"]
    return options


def add_passkey(client: Client) -> Passkey:
    """Add a passkey to the account of `client`, which has just confirmed."""
    passkey = Passkey()
    page = client.get(ADD_PASSKEY).text
    client.post(ADD_PASSKEY, {"credential": passkey.made_for(page), "name": "My phone"})
    return passkey


def sign_in_options(client: Client) -> dict[str, Any]:
    """Return the options for signing in by passkey alone."""
    answer = client.get(PASSKEY_SIGN_IN, headers={"Accept": "application/json"})
    options: dict[str, Any] = answer.json()["request_options"]["publicKey"]
    return options


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
