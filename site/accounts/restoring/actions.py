"""Put accounts back as they were, and delete what is too old for that."""

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..models import User
from . import second_factor
from .models import KEPT, AccountSnapshot, SnapshotAddress


@retried
def restore(address: SnapshotAddress) -> User:
    """Put addresses, password and sign-in methods back, end all sessions, and return the person.

    No link works afterwards. Raises ActionRefused if another has done it before, or if one of the
    addresses belongs to another account by now.
    """
    person = User.objects.select_for_update().get(pk=address.snapshot.user_id)
    snapshot = AccountSnapshot.objects.filter(pk=address.snapshot_id).first()
    if snapshot is None:
        raise ActionRefused(_("This link was used already."), status=410)
    _put_addresses_back(person, snapshot)
    second_factor.forget_newer(person, snapshot.as_of)
    person.email, person.password = snapshot.email, snapshot.password
    person.sessions_ended += 1
    person.save(update_fields=["email", "password", "sessions_ended"])
    AccountSnapshot.objects.filter(user=person).delete()
    return person


def _put_addresses_back(person: User, snapshot: AccountSnapshot) -> None:
    rows = dict(snapshot.addresses.values_list("email", "primary"))
    elsewhere = EmailAddress.objects.filter(email__in=rows, verified=True).exclude(user=person)
    if elsewhere.exists():
        raise ActionRefused(
            _("One of the addresses belongs to another account now. Please answer to our mail."),
            status=409,
        )
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=email, primary=primary, verified=True)
        for email, primary in rows.items()
    )


def is_kept_back(email: str) -> bool:
    """Return whether `email` may still be put back, so that no new account may have it."""
    live = AccountSnapshot.objects.live()
    return SnapshotAddress.objects.filter(email__iexact=email, snapshot__in=live).exists()


def purge() -> int:
    """Delete the snapshots whose link has stopped working, and return how many."""
    old = AccountSnapshot.objects.filter(created_at__lte=timezone.now() - KEPT)
    return old.delete()[1].get("accounts.AccountSnapshot", 0)
