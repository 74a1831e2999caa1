"""Writes about people, each one transaction."""

from datetime import datetime, timedelta

from django.utils import timezone

from core import limits
from core.db.transactions import retried

from .models import FormerHandle, User


@retried
def change_names(person: User, *, handle: str, name: str, now: datetime | None = None) -> User:
    """Give `person` the handle and the name, keeping the old handle for them.

    Whether the handle may be taken is for the form to have asked.
    """
    now = now or timezone.now()
    person = User.objects.select_for_update().get(pk=person.pk)
    if handle != person.handle:
        _keep_old_handle(person, now)
        FormerHandle.objects.filter(user=person, handle=handle).delete()
        person.handle = handle
        person.handle_changed_at = now
    person.name = name
    person.save(update_fields=["handle", "handle_changed_at", "name"])
    return person


def _keep_old_handle(person: User, now: datetime) -> None:
    FormerHandle.objects.create(
        user=person,
        handle=person.handle,
        handle_skeleton=person.handle_skeleton,
        released_at=now + timedelta(days=limits.HANDLE_RESERVED_DAYS),
    )
