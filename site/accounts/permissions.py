"""May this person do this? Pure predicates."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from .models import User


def may_write(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """Return whether `user` may write anything at all: signed in and not suspended."""
    return user.is_authenticated and user.is_active and not user.is_suspended(now)
