"""Read settings from the environment; stop with one sentence if a variable is invalid."""

import re
import sys
from typing import Any, NoReturn
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from environs import Env, EnvError

env = Env()


def refuse(name: str, sentence: str) -> NoReturn:
    """Exit with code 1 and a sentence about the variable `name`."""
    sys.exit(f"Counterpoint cannot start: {name} {sentence}")


def flag(name: str, default: bool) -> bool:
    """Return the boolean variable `name`, or `default` if it is unset or empty."""
    try:
        return env.bool(name, default) if env.str(name, "") else default
    except EnvError:
        refuse(name, "must be 1 or 0.")


def text(name: str, default: str = "") -> str:
    """Return the variable `name` without surrounding whitespace, or `default`."""
    return env.str(name, "").strip() or default


def comma_separated(name: str) -> list[str]:
    """Return the comma-separated variable `name` as a list of stripped, non-empty items."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def whole_number(name: str, default: int, minimum: int = 0) -> int:
    """Return the variable `name` as an int of at least `minimum`, or `default`."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or int(raw) < minimum:
        refuse(name, f"must be a whole number of at least {minimum}.")
    return int(raw)


def real_number(name: str, default: float, minimum: float = 0.0) -> float:
    """Return the variable `name` as a float of at least `minimum`, or `default`."""
    raw = text(name)
    if not raw:
        return default
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", raw, re.ASCII) or float(raw) < minimum:
        refuse(name, f"must be a number of at least {minimum}.")
    return float(raw)


def rates(name: str, default: str) -> tuple[tuple[int, int], ...]:
    """Return the rates in `name` as (number, seconds) pairs; "1/5,6/600" is two, both apply."""
    pairs = [pair.partition("/") for pair in comma_separated(name) or default.split(",")]
    if not all(many.isdecimal() and seconds.isdecimal() for many, _slash, seconds in pairs):
        refuse(name, "must be rates like 1/5,6/600: comments and seconds.")
    return tuple((int(many), int(seconds)) for many, _slash, seconds in pairs)


def site_url(name: str, default: str) -> str:
    """Return the http or https URL in `name`, without a trailing slash."""
    address = text(name, default).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        refuse(name, "must be an address like https://example.org, without a path.")
    return address


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
    """Return the Redis URL in `name`, or an empty string."""
    url = text(name)
    if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        refuse(name, "must start with redis://, rediss:// or unix://.")
    return url


def email(name: str, default: str) -> dict[str, Any]:
    """Return Django's mail settings from the URL in `name`."""
    url = text(name, default)
    if urlsplit(url).scheme not in dj_email_url.SCHEMES:
        refuse(name, "must look like submission://user:password@host:587 or console:.")
    return dict(dj_email_url.parse(url))
