"""Change accounts, each change in one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused

from . import handles
from .models import FormerHandle, User
from .naming import hiding, rules


@retried
def change_names(
    person: User,
    *,
    handle: str,
    name: str,
    about: str | None = None,
    now: datetime | None = None,
) -> User:
    """Set `handle` and `name` of `person`, and the line `about` them unless it is None.

    Reserves the former handle, and returns the person. A form has validated all; handle and name
    are checked again under the lock of all names. Raises `ActionRefused` (422, with the field) if
    somebody was faster.
    """
    now = now or timezone.now()
    rules.lock()
    person = User.objects.select_for_update().get(pk=person.pk)
    if handle != person.handle:
        _refuse_unless(lambda: handles.check(handle, of=person), "handle")
        _reserve_former_handle(person, now)
        FormerHandle.objects.filter(user=person, handle=handle).delete()
        person.handle = handle
        person.handle_changed_at = now
    if name != person.name:
        _refuse_unless(lambda: rules.check(name, of=person), "name")
        person.name, person.name_hidden_at = name, None
    if about is not None:
        person.about = about
    person.save(update_fields=["handle", "handle_changed_at", "name", "name_hidden_at", "about"])
    hiding.show_again()
    return person


def _refuse_unless(check: Callable[[], None], field: str) -> None:
    """Raise `ActionRefused` for `field` if `check` raises ValidationError."""
    try:
        check()
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages), field=field) from error


def _reserve_former_handle(person: User, now: datetime) -> None:
    FormerHandle.objects.create(
        user=person,
        handle=person.handle,
        handle_skeleton=person.handle_skeleton,
        released_at=now + timedelta(days=limits.HANDLE_RESERVED_DAYS),
    )
