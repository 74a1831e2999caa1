"""Query and create accounts."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models, transaction
from django.dispatch import Signal

from .naming import locking

if TYPE_CHECKING:
    from .models import User

# Sent in its transaction when `createsuperuser` has granted a role, with `person` and `role`, for
# apps that accounts know nothing of.
role_granted = Signal()


class UserQuerySet(models.QuerySet["User"]):
    """Queries of accounts."""

    def public(self) -> "UserQuerySet":
        """Return people with a public profile: all that are not erased."""
        return self.filter(erased_at__isnull=True)

    def mentionable(self) -> "UserQuerySet":
        """Return the people whom a comment can mention: neither erased, banned nor unconfirmed."""
        return self.public().filter(banned_at__isnull=True, sign_up__isnull=True)

    def by_handle(self, handle: str) -> "UserQuerySet":
        """Return the person with `handle`, ignoring case, as a QuerySet of at most one."""
        if "\0" in handle:  # PostgreSQL refuses it even in a comparison
            return self.none()
        return self.public().filter(handle__iexact=handle)


class UserManager(BaseUserManager["User"]):
    """Creates accounts."""

    def create_user(
        self, email: str | None, handle: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Create and return an account; without a password it can sign in by code only."""
        user = self.model(email=self.normalize_email(email) or None, handle=handle, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, handle: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Create and return an admin whose e-mail address needs no verification."""
        with transaction.atomic():
            locking.lock()
            user = self.create_user(email, handle, password, **fields)
            user.role_grants.create(role="admin")
            user.verify_email()
            role_granted.send(self.model, person=user, role="admin")
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail address, ignoring case; raises DoesNotExist."""
        return self.get(email__iexact=username)
