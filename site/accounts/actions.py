"""Change accounts, each change in one transaction."""

from datetime import datetime, timedelta

from django.utils import timezone

from core import limits
from core.db.transactions import retried

from .models import FormerHandle, User


@retried
def change_names(person: User, *, handle: str, name: str, now: datetime | None = None) -> User:
    """Set `handle` and `name` of `person`, reserve the former handle, and return the person.

    The caller must have validated the handle (`handles.check`).
    """
    now = now or timezone.now()
    person = User.objects.select_for_update().get(pk=person.pk)
    if handle != person.handle:
        _reserve_former_handle(person, now)
        FormerHandle.objects.filter(user=person, handle=handle).delete()
        person.handle = handle
        person.handle_changed_at = now
    person.name = name
    person.save(update_fields=["handle", "handle_changed_at", "name"])
    return person


def _reserve_former_handle(person: User, now: datetime) -> None:
    FormerHandle.objects.create(
        user=person,
        handle=person.handle,
        handle_skeleton=person.handle_skeleton,
        released_at=now + timedelta(days=limits.HANDLE_RESERVED_DAYS),
    )
