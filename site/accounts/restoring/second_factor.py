"""The second factors of an account, as a snapshot has them.

Those from before the changes are put back and asked for, so that an intruder can neither remove
them nor lock the owner out with one more.
"""

from typing import Any

from allauth.mfa.models import Authenticator

from ..models import User
from .models import AccountSnapshot, SnapshotFactor

COLUMNS = ("type", "data", "created_at", "last_used_at")
# Types that a code is typed for; a passkey needs a page of its own.
_WITH_CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def factors_of(person: User) -> dict[int, dict[str, Any]]:
    """Return the columns of each second factor that `person` has, by the id of its row."""
    rows = Authenticator.objects.filter(user=person).values("pk", *COLUMNS)
    return {row.pop("pk"): row for row in rows}


def has_second_factor(person: User) -> bool:
    """Return whether `person` has a second factor."""
    return bool(Authenticator.objects.filter(user=person).exists())


def put_back(person: User, snapshot: AccountSnapshot) -> None:
    """Replace the second factors of `person` by those in `snapshot`."""
    rows = SnapshotFactor.objects.filter(snapshot=snapshot).values(*COLUMNS)
    Authenticator.objects.filter(user=person).delete()
    Authenticator.objects.bulk_create(Authenticator(user=person, **row) for row in rows)


def is_code(person: User, code: str) -> bool:
    """Return whether `code` is right for one of the second factors of `person`."""
    factors = Authenticator.objects.filter(user=person, type__in=_WITH_CODES)
    return any(factor.wrap().validate_code(code) for factor in factors)
