"""The table of sign-ups that wait for their address to be confirmed."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SignUp(models.Model):
    """An account that nobody has confirmed yet, or that nobody can: its address had one already.

    `address_key` is a keyed hash of the typed address, by which the same form sent twice is found:
    addresses of other accounts must not be collected.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_up"
    )
    address_key = models.CharField(max_length=64)
    # The link by which they came; it takes a place on it when the address is confirmed.
    invitation = models.ForeignKey(
        "accounts.Invitation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.at}"
