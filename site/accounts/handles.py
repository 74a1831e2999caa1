"""Validate handles: their form, reserved ones, and look-alikes of others."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import limits
from core.text import skeleton

from .models import FormerHandle, User
from .naming import rules
from .naming.reserved import RESERVED

# Characters.
SHORTEST = 3
LONGEST = 20
# A letter first and no two separators in a row, so that it is easy to say and to type.
PATTERN = re.compile(r"[a-z](?:[._-]?[a-z0-9])*", re.IGNORECASE)

_RESERVED_SKELETONS = frozenset(skeleton(word) for word in RESERVED)


def check(handle: str, *, of: User | None = None) -> None:
    """Raise ValidationError if `handle` is invalid, reserved or taken.

    `of` is the person who wants it; their present and former handles are available to them.
    """
    _check_form(handle)
    key = skeleton(handle)
    if key in _RESERVED_SKELETONS:
        raise ValidationError(_("This handle is reserved. Please choose another."), "reserved")
    if _is_taken(key, of) or rules.is_name_of_somebody(key, of):
        raise ValidationError(
            _("This handle is taken, or looks like one that is. Please choose another."), "taken"
        )


def _check_form(handle: str) -> None:
    if not SHORTEST <= len(handle) <= LONGEST:
        raise ValidationError(
            _("A handle has %(shortest)d to %(longest)d characters."),
            "length",
            {"shortest": SHORTEST, "longest": LONGEST},
        )
    if not PATTERN.fullmatch(handle):
        raise ValidationError(
            _(
                "Please begin with a letter and use only a to z, digits, and single dots, "
                "underscores or hyphens between them."
            ),
            "form",
        )


def _is_taken(key: str, of: User | None) -> bool:
    people = User.objects.filter(handle_skeleton=key)
    former = FormerHandle.objects.filter(handle_skeleton=key, released_at__gt=timezone.now())
    if of is not None:
        people, former = people.exclude(pk=of.pk), former.exclude(user=of)
    return people.exists() or former.exists()


def wait_until_change(person: User) -> timedelta | None:
    """Return the time until `person` may change their handle again, or None."""
    if person.handle_changed_at is None:
        return None
    free_at = person.handle_changed_at + timedelta(days=limits.HANDLE_CHANGE_DAYS)
    wait = free_at - timezone.now()
    return wait if wait > timedelta(0) else None
