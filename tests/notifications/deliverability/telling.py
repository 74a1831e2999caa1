"""What providers send by a webhook, as the examples in their documentation have it."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from notifications.models import StoppedAddress

SECRET = "mail:not-to-be-guessed-0123456789-abcdefghij"
KEY = "key-of-the-provider"
AT = "/webhooks/mail/"
# The settings of a site that takes webhooks of each provider.
ON: dict[str, dict[str, Any]] = {
    "brevo": {},
    "mailgun": {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY},
    "mailjet": {},
    "mailtrap": {"MAILTRAP_TRACKING_SECRET": KEY},
    "postmark": {},
}


def settings_of(provider: str) -> dict[str, Any]:
    """Return the settings of a site that takes the webhooks of `provider`."""
    return {"EMAIL_PROVIDER": provider, "ANYMAIL": {"WEBHOOK_SECRET": SECRET, **ON[provider]}}


def brevo(word: str, email: Any, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return an event of Brevo, which numbers none."""
    at = at or timezone.now()
    told = {"event": word, "email": email, "ts_epoch": int(at.timestamp() * 1000)}
    return {**told, "message-id": "<201803011158.9876543210@relay.example>", **more}


def mailgun(word: str, email: Any, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return an event of Mailgun with its signature, of the time and a random token alone."""
    seconds = str(int((at or timezone.now()).timestamp()))
    token = hashlib.sha256(ascii((word, email, seconds)).encode()).hexdigest()[:50]
    signed = hmac.new(KEY.encode(), f"{seconds}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": seconds, "token": token, "signature": signed},
        "event-data": {"event": word, "recipient": email, "timestamp": float(seconds), **more},
    }


def mailjet(word: str, email: Any, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return one event of Mailjet."""
    seconds = int((at or timezone.now()).timestamp())
    return {"event": word, "time": seconds, "MessageID": 19421777396190490, "email": email, **more}


def mailtrap(word: str, email: Any, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return one event of Mailtrap, which sends several at once."""
    seconds = int((at or timezone.now()).timestamp())
    one = {"event": word, "timestamp": seconds, "message_id": "1df37d17", "email": email}
    return {"events": [{**one, "event_id": f"{word} {email} {seconds}", **more}]}


def postmark(word: str, email: Any, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return an event of Postmark; a complaint is a record of its own."""
    at = at or timezone.now()
    record = "SpamComplaint" if word == "SpamComplaint" else "Bounce"
    told = {"RecordType": record, "Type": word, "ID": 901542550, "MessageID": "2706ee8a-737c"}
    return {**told, "Email": email, "BouncedAt": at.isoformat(), **more}


def send(told: Any, *, secret: str = SECRET, client: Client | None = None) -> HttpResponse:
    """POST `told` as the provider does, signed as Mailtrap signs, from outside by default."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"mailtrap-signature": hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()}
    if secret:
        headers["authorization"] = f"Basic {b64encode(secret.encode()).decode()}"
    outside = client or Client(enforce_csrf_checks=True)
    answer: HttpResponse = outside.post(AT, body, content_type="application/json", headers=headers)  # type: ignore[assignment]
    return answer


def stopped() -> dict[str, str]:
    """Return the stopped addresses with their causes."""
    return dict(StoppedAddress.objects.values_list("address", "cause"))
