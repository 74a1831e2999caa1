"""Validate handles: their form, reserved ones, look-alikes of others and of erased accounts."""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import limits
from core.text import skeleton

from .models import FormerHandle, ReservedHandle, User
from .naming import rules
from .naming.claims import beside_role

# Characters.
SHORTEST = 3
LONGEST = 20
# Of the number after a handle whose beginning many have.
DIGITS = 5
# Begins handles for which the name gives none.
ANYBODY = "reader"
# A letter first and no two separators in a row, so that it is easy to say and to type.
PATTERN = re.compile(r"[a-z](?:[._-]?[a-z0-9])*", re.IGNORECASE)


def check(handle: str, *, of: User | None = None) -> None:
    """Raise ValidationError if `handle` is invalid, reserved or taken.

    `of` is the person who wants it; their present and former handles are available to them.
    """
    check_form(handle)
    if rules.is_reserved(handle):
        raise ValidationError(_("This handle is reserved. Please choose another."), "reserved")
    key = skeleton(handle)
    claimed = any(rules.is_taken(each, of) for each in beside_role(key))
    if claimed or _is_taken(key, of) or rules.is_name_of_somebody(key, of):
        raise ValidationError(
            _("This handle is taken, or looks like one that is. Please choose another."), "taken"
        )


def check_form(handle: str) -> None:
    """Raise ValidationError unless `handle` has the form of one."""
    if not SHORTEST <= len(handle) <= LONGEST:
        raise ValidationError(
            _("A handle needs %(shortest)d to %(longest)d characters."),
            "length",
            {"shortest": SHORTEST, "longest": LONGEST},
        )
    if not PATTERN.fullmatch(handle):
        raise ValidationError(
            _(
                "Begin with a letter. Use only the letters a to z and digits, with single "
                "dots, underscores or hyphens between them."
            ),
            "form",
        )


def from_name(name: str) -> str:
    """Return a free handle made from `name`, with a number after it where others have it.

    Cut to a handle, a name may claim a role ("Long Modern" as "long.mod"): another word stands in.
    """
    stem = stem_of(name)
    short = stem[: LONGEST - DIGITS]
    if rules.is_reserved(short):
        short = ANYBODY
    tries = chain([stem], (f"{short}{number}" for number in range(2, 10)), _numbered(short))
    return next(filter(_is_free, tries))


def stem_of(name: str) -> str:
    """Return what `name` makes as a handle: its letters and digits; it need not be free."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ".".join(re.findall("[a-z0-9]+", plain)).lstrip("0123456789.")
    stem = words[:LONGEST].rstrip(".")
    return stem if len(stem) >= SHORTEST else f"{ANYBODY}.{stem}".rstrip(".")


def _numbered(short: str) -> Iterator[str]:
    """Yield handles that end in a random number."""
    while True:
        yield f"{short}{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _is_free(handle: str) -> bool:
    with suppress(ValidationError):
        check(handle)
        return True
    return False


def _is_taken(key: str, of: User | None) -> bool:
    people = User.objects.filter(handle_skeleton=key)
    former = FormerHandle.objects.filter(handle_skeleton=key, released_at__gt=timezone.now())
    if of is not None:
        people, former = people.exclude(pk=of.pk), former.exclude(user=of)
    return people.exists() or former.exists() or _was_erased(key)


def was_erased(handle: str) -> bool:
    """Return whether an erased account had `handle`, or one that looks alike, in the last year."""
    return _was_erased(skeleton(handle))


def _was_erased(key: str) -> bool:
    reserved = ReservedHandle.objects.filter(digest=digest(key), released_at__gt=timezone.now())
    return reserved.exists()


def reserve(person: User) -> None:
    """Reserve the handles of an account that is erased, by hashes that do not lead to it."""
    former = person.former_handles.filter(released_at__gt=timezone.now())
    keys = {person.handle_skeleton, *former.values_list("handle_skeleton", flat=True)}
    until = timezone.now() + timedelta(days=limits.HANDLE_RESERVED_DAYS)
    for key in sorted(keys):
        ReservedHandle.objects.update_or_create(digest=digest(key), defaults={"released_at": until})


def release() -> None:
    """Delete the reservations that have ended."""
    ReservedHandle.objects.filter(released_at__lte=timezone.now()).delete()


def digest(key: str) -> str:
    """Return the keyed hash of the look-alike form `key` of a handle.

    Handles are few and short enough to be guessed from a plain hash.
    """
    secret = _secret(settings.HANDLE_KEY_FILE)
    return hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()


@cache
def _secret(path: Path) -> bytes:
    """Return the key in the file `path`; make the file on first use, readable by us alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path)
    return path.read_bytes()


def _create(path: Path) -> None:
    """Write a new key; if another process has done so meanwhile, its key stays."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(unfinished)
    unfinished.unlink()


def wait_until_change(person: User) -> timedelta | None:
    """Return the time until `person` may change their handle again, or None."""
    if person.handle_changed_at is None:
        return None
    free_at = person.handle_changed_at + timedelta(days=limits.HANDLE_CHANGE_DAYS)
    wait = free_at - timezone.now()
    return wait if wait > timedelta(0) else None
