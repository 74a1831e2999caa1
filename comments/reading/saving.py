"""Save something for later, and take it back. Each is one transaction.

A second time changes nothing.
"""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import limits
from core.db.prepared import PreparedInsert
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.numbers import grouped
from posts.models import Post, SavedItem, SavedKind

from ..locks import lock_person


@retried
def save(kind: str, target: int, *, on: Post, by: User, now: datetime | None = None) -> None:
    """Save the row `target` of the type `kind`, shown on the page of the post `on`, for `by`.

    The caller has checked that `by` may read it. Raises `ActionRefused` (409) once there are
    `SAVED_MOST`.
    """
    lock_person(by)
    saved = SavedItem.objects.filter(reader=by)
    if saved.count() >= limits.SAVED_MOST and not saved.filter(kind=kind, target_id=target):
        raise ActionRefused(
            _("You saved %(n)s things, and there is no room for more. Please remove some first.")
            % {"n": grouped(limits.SAVED_MOST)},
            status=409,
        )
    item = SavedItem(reader=by, kind=kind, target_id=target, post=on)
    item.saved_at = now or timezone.now()
    _NEW.run(item)


_NEW = PreparedInsert(SavedItem, ignore_conflicts=True)


@retried
def remove(kind: str, target: int, *, by: User) -> SavedItem | None:
    """Take back what `by` saved, and return it; None where it was not saved."""
    item = SavedItem.objects.filter(reader=by, kind=kind, target_id=target).first()
    if item is not None:
        SavedItem.objects.filter(pk=item.pk).delete()
    return item


def press_url(kind: str, place: str | int, *, is_saved: bool) -> str:
    """Return the address that saves the row at `place`, a slug or an id, or takes that back."""
    name = "saved-post" if kind == SavedKind.POST else "saved"
    return reverse(f"comments:{name}{'-removal' if is_saved else ''}", args=[place])


def forget_reader(reader: User) -> None:
    """Delete all that `reader` saved."""
    SavedItem.objects.filter(reader=reader).delete()
