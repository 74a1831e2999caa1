"""Record what an account was before a change, and tell its owner, in the transaction of the change.

The mail goes to the addresses that were verified before the first change of the last 72 hours:
an address that an intruder adds gets no link, and does not keep the owner from getting one.
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
from .models import KEPT, AccountSnapshot, SnapshotAddress, SnapshotFactor
from .second_factor import COLUMNS
from .states import AccountState

View = Callable[..., HttpResponse]


def recording(view: View) -> View:
    """Record what the view, when a form is sent, changes of the account that sends it."""

    @wraps(view)
    def recorded_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        request.is_recorded = True  # type: ignore[attr-defined]
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
            raise PermissionDenied(_("You have been signed out. Please sign in again."))
        before = AccountState.of(person)
        yield
        after = AccountState.of(person)
        changes = before.changes_to(after)
        if changes:
            _tell(_snapshot(person, before), after, changes)


def _snapshot(person: User, before: AccountState) -> AccountSnapshot:
    """Store and return what can be put back: what a snapshot of these `KEPT` has, or `before`.

    The time of the first change counts, not that of the last: else each change would renew the
    link of an address that its owner has given up.
    """
    now = timezone.now()
    earlier = AccountSnapshot.objects.filter(user=person, as_of__gt=now - KEPT)
    first = earlier.order_by("pk").first()
    if first is None:
        source = AccountSnapshot(email=before.email, password=before.password, as_of=now)
        addresses, factors = before.addresses, list(before.factors.values())
    else:
        source = first
        addresses = dict(first.addresses.values_list("email", "primary"))
        factors = list(first.factors.values(*COLUMNS))
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
    SnapshotFactor.objects.bulk_create(SnapshotFactor(snapshot=made, **row) for row in factors)
    return made


def _tell(snapshot: AccountSnapshot, after: AccountState, changes: list[str]) -> None:
    """Mail the changes: with a link to the addresses from before, without one to later ones."""
    addresses = snapshot.addresses.all()
    for address in addresses:
        tell(address.email, changes, links.address_of(address))
    for email in after.addresses.keys() - {address.email for address in addresses}:
        tell(email, changes)


def tell(email: str, changes: list[str], url: str = "") -> None:
    """Mail the sentences `changes` about an account to `email`, with the link that undoes them."""
    context = {"changes": changes, "url": url}
    get_adapter().send_mail("account/email/account_changed", email, context)
