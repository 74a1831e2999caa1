"""Authentication backend: load the user of each signed-in request by prepared SQL."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser

from core.db.prepared import Prepared

from .models import RoleGrant, User
from .second_factor import requirement


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend; users are loaded together with their roles, which every page needs."""

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Return the active user with the primary key `user_id`, or None."""
        found = person_now(int(user_id))
        return found if found is not None and self.user_can_authenticate(found) else None

    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """Return the account that has confirmed `email` if the password is right, or None.

        Others are told what an unknown address is: somebody else may have signed up with it.
        """
        rows = EmailAddress.objects.filter(email=email.lower(), verified=True)
        found = rows.select_related("user").first()
        return self._check_password(found.user if found else None, password)

    def _mitigate_timing_attack(self, password: str) -> None:
        """Do the work of a check for an address without an account: a hash for each spelling."""
        User().check_password(password)


def person_now(pk: int) -> User | None:
    """Return the account `pk` as it is now, with the roles in effect, or None."""
    found: list[User] = _PERSON.objects(pk=pk)
    if not found:
        return None
    requirement.apply(found[0], _GRANTS.objects(user=pk))
    return found[0]


_PERSON = Prepared(lambda pk: User.objects.filter(pk=pk).order_by(), pk=int)
_GRANTS = Prepared(
    lambda user: requirement.with_factors(RoleGrant.objects.filter(user=user).order_by()), user=int
)
