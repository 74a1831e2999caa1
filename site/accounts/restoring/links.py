"""The link in the mail about a change: signed, for 72 hours, naming a row and nothing else."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import KEPT, AccountSnapshot, SnapshotAddress

_SALT = "accounts.restoring"


def address_of(address: SnapshotAddress) -> str:
    """Return the full address of the page that puts the account back, for the mail to `address`."""
    token = signing.dumps(address.pk, salt=_SALT)
    return settings.SITE_URL + reverse("people:restoration", args=[token])


def receiver(token: str) -> SnapshotAddress | None:
    """Return the row that `token` names; None if it is forged, too old, or was used."""
    try:
        number = signing.loads(token, salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    live = AccountSnapshot.objects.live()
    rows = SnapshotAddress.objects.filter(pk=number, snapshot__in=live)
    return rows.select_related("snapshot__user").first()
