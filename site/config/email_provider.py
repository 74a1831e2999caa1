"""Read from the environment which provider of mail may send webhooks, and how it proves itself."""

import re
from importlib.util import find_spec

from core import env
from notifications.deliverability.providers import PROVIDERS

# A name and a password that stand in the address of a webhook as they are. Nothing counts attempts
# at it, so it has to be too long to be guessed, as the key of the site.
_SECRET = re.compile(r"[\w.-]+:[\w.-]{32,}", re.ASCII)
_VARIETY = 10  # different characters
_KEY = re.compile(r"[!-~]+")


def from_environment() -> tuple[str, dict[str, str]]:
    """Return the name of the provider, empty for none, and the settings of django-anymail.

    Stops the start, with a sentence that names the variable, for a provider whose webhooks are not
    understood, and where something is missing with which a webhook is checked.
    """
    name = env.text("EMAIL_PROVIDER").lower()
    if not name:
        return "", {}
    if name not in PROVIDERS:
        env.refuse("EMAIL_PROVIDER", f"must be one of {', '.join(PROVIDERS)}.")
    if find_spec("anymail") is None:
        env.refuse(
            "EMAIL_PROVIDER",
            "needs django-anymail: .venv/bin/pip install -r requirements-anymail.txt",
        )
    return name, {"WEBHOOK_SECRET": _secret("EMAIL_WEBHOOK_SECRET"), **_key(name)}


def _secret(variable: str) -> str:
    secret = env.text(variable)
    if not _SECRET.fullmatch(secret) or len(set(secret)) < _VARIETY:
        env.refuse(
            variable,
            "must be a name and a password of at least 32 random letters and digits, with a colon "
            "between: python3 -c 'import secrets; print(\"mail:\" + secrets.token_urlsafe(32))'",
        )
    return secret


def _key(name: str) -> dict[str, str]:
    """Return the setting with the key of the provider, none for one that signs nothing."""
    provider, key = PROVIDERS[name], env.text("EMAIL_SIGNING_KEY")
    if not provider.key_setting:
        if key:
            env.refuse("EMAIL_SIGNING_KEY", f"must be empty: {provider.label} signs no webhooks.")
        return {}
    if not _KEY.fullmatch(key):
        env.refuse(
            "EMAIL_SIGNING_KEY",
            f"must be the key with which {provider.label} signs its webhooks.",
        )
    return {provider.key_setting: key}
