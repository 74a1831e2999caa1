"""Permissions of accounts, as pure predicates."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from .models import User


def may_write(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """Return whether `user` may write anything: signed in, active and not suspended at `now`."""
    return user.is_authenticated and user.is_active and not user.is_suspended(now)
