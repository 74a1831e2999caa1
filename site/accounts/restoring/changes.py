"""Record what an account was before a change, and tell its owner, in the transaction of the change.

The mail goes to the addresses that were verified before the first change of the last 72 hours:
whoever adds one of their own neither gets a link nor keeps the owner from getting one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db.transactions import write_lock

from ..models import User
from . import links
from .models import AccountSnapshot, SnapshotAddress
from .states import AccountState

View = Callable[..., HttpResponse]


def recording(view: View) -> View:
    """Record what the view, when a form is sent, changes of the account that sends it."""

    @wraps(view)
    def recorded_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with recorded(request.user):
            return view(request, *args, **kwargs)

    return recorded_view


@contextmanager
def recorded(person: User) -> Iterator[None]:
    """Run the block in a transaction; if it changed what opens the account, tell its owner.

    Raises PermissionDenied if the sessions of `person` have ended since the request began: its
    form waited for the lock while the owner put the account back.
    """
    with write_lock(), transaction.atomic():
        present = User.objects.select_for_update().get(pk=person.pk)
        if present.get_session_auth_hash() != person.get_session_auth_hash():
            raise PermissionDenied(_("You were signed out meanwhile. Please sign in again."))
        before = AccountState.of(person)
        yield
        changes = before.changes_to(AccountState.of(person))
        if changes:
            _tell(_snapshot(person, before), changes)


def _snapshot(person: User, before: AccountState) -> AccountSnapshot:
    """Store and return what can be put back: the live snapshot again, or else `before`."""
    now = timezone.now()
    earlier = AccountSnapshot.objects.live(now).filter(user=person).order_by("pk").first()
    if earlier is None:
        source = AccountSnapshot(email=before.email, password=before.password, as_of=now)
        addresses = before.addresses
    else:
        source = earlier
        addresses = dict(earlier.addresses.values_list("email", "primary"))
    made = AccountSnapshot.objects.create(
        user=person,
        email=source.email,
        password=source.password,
        as_of=source.as_of,
        created_at=now,
    )
    SnapshotAddress.objects.bulk_create(
        SnapshotAddress(snapshot=made, email=email, primary=primary)
        for email, primary in addresses.items()
    )
    return made


def _tell(snapshot: AccountSnapshot, changes: list[str]) -> None:
    for address in snapshot.addresses.all():
        context = {"changes": changes, "url": links.address_of(address)}
        get_adapter().send_mail("account/email/account_changed", address.email, context)
