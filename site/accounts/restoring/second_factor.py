"""The second factor of the account that a link puts back, as it was before the changes.

One that was added since does not count: else an intruder could lock the owner out with it.
"""

from datetime import datetime
from typing import Any

from django.apps import apps

from ..models import User


def has_second_factor(person: User, as_of: datetime) -> bool:
    """Return whether the link has to ask for a second factor, which `person` had at `as_of`."""
    return _is_installed() and _authenticators(person).filter(created_at__lt=as_of).exists()


def is_second_factor(person: User, as_of: datetime, code: str) -> bool:
    """Return whether `code` is right for a second factor that `person` had at `as_of`."""
    codes = _authenticators(person).filter(
        created_at__lt=as_of, type__in=["totp", "recovery_codes"]
    )
    return any(each.wrap().validate_code(code) for each in codes)


def forget_newer(person: User, as_of: datetime) -> None:
    """Delete the sign-in methods that `person` has got since `as_of`."""
    if _is_installed():
        _authenticators(person).filter(created_at__gte=as_of).delete()


def _is_installed() -> bool:
    return apps.is_installed("allauth.mfa")


def _authenticators(person: User) -> Any:
    model: Any = apps.get_app_config("mfa").get_model("Authenticator")
    return model.objects.filter(user=person)
