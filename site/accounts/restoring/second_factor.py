"""The second factor of the account that a link puts back, as it was before the changes.

One that was added since does not count: else an intruder could lock the owner out with it.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from ..models import User


def has_second_factor(person: User, as_of: datetime) -> bool:
    """Return whether the link has to ask for a second factor, which `person` had at `as_of`."""
    return bool(_authenticators(person).filter(created_at__lt=as_of).exists())


def is_second_factor(person: User, as_of: datetime, code: str) -> bool:
    """Return whether `code` is right for a second factor that `person` had at `as_of`."""
    codes = _authenticators(person).filter(
        created_at__lt=as_of, type__in=["totp", "recovery_codes"]
    )
    return any(each.wrap().validate_code(code) for each in codes)


def forget_newer(person: User, as_of: datetime) -> None:
    """Delete the sign-in methods that `person` has got since `as_of`."""
    _authenticators(person).filter(created_at__gte=as_of).delete()


def _authenticators(person: User) -> Any:
    return Authenticator.objects.filter(user=person)
