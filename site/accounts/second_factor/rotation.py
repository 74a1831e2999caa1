"""Encrypt a factor anew when it is used, so that a former `SECRET_KEY` can be dropped in time."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.dispatch import receiver

from .encryption import under_present_key

# The entries of a factor's data that are encrypted.
_ENCRYPTED = ("secret", "seed")


@receiver(authenticator_used)
def encrypt_anew(authenticator: Authenticator, **_more: Any) -> None:
    """Encrypt all factors of the person under the present key."""
    for each in Authenticator.objects.filter(user=authenticator.user_id):
        found = {name: each.data[name] for name in _ENCRYPTED if name in each.data}
        if found:
            each.data |= {name: under_present_key(token) for name, token in found.items()}
            each.save(update_fields=["data"])
