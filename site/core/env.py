"""Read settings from the environment; stop with one sentence if a variable is invalid."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from environs import Env, EnvError, validate

env = Env()

# Published with the code, so that trying the site out needs no secret.
DEVELOPMENT_KEY = "development-only-key-never-for-a-public-site"
# Django's own rule (security.W009): a key of fewer characters, or of fewer different ones, can be
# guessed from what it signed.
KEY_LENGTH, KEY_VARIETY = 50, 5
_GENERATED = "django-insecure-"

_RATES = validate.Regexp(r"\s*\d+/\d+\s*(,\s*\d+/\d+\s*)*\Z", re.ASCII)
_SITE_URL = validate.Regexp(r"\s*https?://[^\s/?#]+/*\s*\Z", re.IGNORECASE)
# Not "file", which would keep the codes of signing in. "smtp:" alone is the server of this machine.
_WITHOUT_HOST = frozenset({"smtp", "console", "memory", "dummy"})
_WITH_HOST = frozenset({"submission", "submit", "smtps"})
_REDIS_URL = validate.Regexp(r"\s*(redis|rediss|unix)://", re.IGNORECASE)


def refuse(name: str, sentence: str) -> NoReturn:
    """Exit with code 1 and a sentence about the variable `name`."""
    sys.exit(f"Counterpoint cannot start: {name} {sentence}")


def _read(reader: Callable[..., Any], name: str, sentence: str, default: Any, **check: Any) -> Any:
    """Return what `reader` of environs makes of `name`, or `default` where that is blank."""
    if not text(name):
        return default
    try:
        return reader(name, **check)
    except EnvError:
        refuse(name, sentence)


def flag(name: str, default: bool) -> bool:
    """Return the yes-or-no variable `name`, or `default` where it is unset or empty."""
    return bool(_read(env.bool, name, "must be 1 or 0.", default))


def text(name: str, default: str = "") -> str:
    """Return the variable `name` without surrounding whitespace, or `default`."""
    return env.str(name, "").strip() or default


def secret_key(name: str, *, debug: bool) -> str:
    """Return the key in `name`; without one the published key if `debug`."""
    key = text(name, DEVELOPMENT_KEY if debug else "")
    if not key:
        refuse(name, "is missing. Set it to a long random text and keep it secret.")
    return _strong(name, key, debug=debug)


def secret_keys(name: str, *, debug: bool) -> list[str]:
    """Return the comma-separated keys in `name`."""
    return [_strong(name, key, debug=debug) for key in comma_separated(name)]


def _strong(name: str, key: str, *, debug: bool) -> str:
    is_weak = len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY
    if not debug and (is_weak or key.startswith((_GENERATED, DEVELOPMENT_KEY))):
        refuse(
            name,
            f"can be guessed. Set it to a random text of at least {KEY_LENGTH} characters: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
        )
    return key


def comma_separated(name: str) -> list[str]:
    """Return the comma-separated variable `name` as a list of stripped, non-empty items."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def whole_number(name: str, default: int, minimum: int = 0) -> int:
    """Return the variable `name` as a number of at least `minimum`, or `default`."""
    sentence = f"must be a whole number of at least {minimum}."
    return int(_read(env.int, name, sentence, default, validate=validate.Range(min=minimum)))


def real_number(name: str, default: float, minimum: float = 0.0) -> float:
    """Return the variable `name` as a number of at least `minimum`, or `default`."""
    sentence = f"must be a number of at least {minimum}."
    return float(_read(env.float, name, sentence, default, validate=validate.Range(min=minimum)))


def rates(name: str, default: str) -> tuple[tuple[int, int], ...]:
    """Return the rates in `name`, like "1/5,6/600": so many in so many seconds, all kept."""
    sentence = "must be rates like 1/5,6/600: comments and seconds."
    written = _read(env.str, name, sentence, default, validate=_RATES)
    pairs = [pair.partition("/") for pair in written.split(",")]
    return tuple((int(many), int(seconds)) for many, _slash, seconds in pairs)


def site_url(name: str, default: str) -> str:
    """Return the http or https address in `name`, without a trailing slash."""
    sentence = "must be an address like https://example.org, without a path."
    return str(_read(env.str, name, sentence, default, validate=_SITE_URL)).strip().rstrip("/")


def file(name: str, why_unusable: Callable[[Path], str]) -> Path | None:
    """Return the path in `name`, or None; `why_unusable` says what is wrong with it, or ""."""
    if not text(name):
        return None
    path = Path(text(name))
    sentence = why_unusable(path)
    if sentence:
        refuse(name, sentence)
    return path


def database(name: str, default: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL or SQLite database whose URL is in `name`."""
    url = text(name, default)
    if urlsplit(url).scheme not in {"postgres", "postgresql", "sqlite"}:
        refuse(name, "must start with postgres:// or sqlite:///.")
    try:
        return dict(dj_database_url.parse(url))
    except ValueError:
        refuse(name, "must look like postgres://user:password@host:5432/name.")


def redis_url(name: str) -> str:
    """Return the Redis address in `name`, or an empty string."""
    sentence = "must start with redis://, rediss:// or unix://."
    return str(_read(env.str, name, sentence, "", validate=_REDIS_URL)).strip()


def email(name: str, default: str) -> dict[str, Any]:
    """Return Django's mail settings from the URL in `name`."""
    url = text(name, default)
    try:
        parts = urlsplit(url)
        if parts.scheme in _WITHOUT_HOST or (parts.scheme in _WITH_HOST and parts.hostname):
            return dict(dj_email_url.parse(url))
    except ValueError:  # a port or a time that is no number
        pass
    refuse(name, "must look like submission://user:password@host:587 or console:.")
