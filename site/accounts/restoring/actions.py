"""Put accounts back as they were, and delete what is too old for that."""

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..models import User
from ..naming import rules
from . import second_factor
from .changes import tell
from .models import KEPT, AccountSnapshot, SnapshotAddress


@retried
def restore(address: SnapshotAddress, code: str = "") -> User:
    """Put addresses, password and second factors back, end all sessions, and return the person.

    `code` is of a second factor from before the changes, where there was one. No link works
    afterwards. Addresses that are removed are told. Raises ActionRefused, and changes nothing, for
    a wrong code (422), after another restoration (410), or if one of the addresses belongs to
    another account by now (409).
    """
    rules.lock()
    person = User.objects.select_for_update().get(pk=address.snapshot.user_id)
    snapshot = AccountSnapshot.objects.filter(pk=address.snapshot_id).first()
    if snapshot is None:
        raise ActionRefused(_("This link has been used already."), status=410)
    removed = _addresses_since(person, snapshot)
    _put_addresses_back(person, snapshot)
    second_factor.put_back(person, snapshot)
    if second_factor.has_second_factor(person) and not second_factor.is_code(person, code):
        raise ActionRefused(
            _("That is not the code. Please look at your app again, or use a recovery code."),
            status=422,
        )
    person.email, person.password = snapshot.email, snapshot.password
    person.sessions_ended += 1
    person.save(update_fields=["email", "password", "sessions_ended"])
    AccountSnapshot.objects.filter(user=person).delete()
    for email in removed:
        tell(email, [_("%s was removed.") % email])
    return person


def _addresses_since(person: User, snapshot: AccountSnapshot) -> list[str]:
    """Return the verified addresses of `person` that `snapshot` lacks."""
    before = snapshot.addresses.values("email")
    rows = EmailAddress.objects.filter(user=person, verified=True).exclude(email__in=before)
    return list(rows.values_list("email", flat=True))


def _put_addresses_back(person: User, snapshot: AccountSnapshot) -> None:
    rows = dict(snapshot.addresses.values_list("email", "primary"))
    elsewhere = EmailAddress.objects.filter(email__in=rows, verified=True).exclude(user=person)
    if elsewhere.exists():
        raise ActionRefused(
            _("One of the addresses belongs to another account now. Please reply to our e-mail."),
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
