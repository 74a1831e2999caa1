"""Count wrong passwords by account, or by address where there is no account.

A row is written before the password is compared and deleted if it was right. So attempts at the
same moment all count, in every process, whether there is Redis or not.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import limits
from core.db.transactions import retried

from ..models import User
from .models import PasswordAttempt

_WINDOW = timedelta(hours=1)


@retried
def begin(address: str) -> PasswordAttempt:
    """Store and return an attempt at the password of the account with `address`."""
    return PasswordAttempt.objects.create(key=_key_for(address), at=timezone.now())


@retried
def was_right(attempt: PasswordAttempt) -> None:
    """Forget an attempt whose password was right."""
    attempt.delete()


def is_guessed_at(address: str) -> bool:
    """Return whether so many passwords were wrong within the hour that one is not enough."""
    return _is_over(_key_for(address))


def is_guessed(person: User) -> bool:
    """Return whether so many passwords of `person` were wrong that one is not enough.

    Demonstration accounts have no mailbox, and their password is known to everybody.
    """
    return not person.is_demo and _is_over(_key(f"account {person.pk}"))


def purge() -> int:
    """Delete the attempts that count no longer, and return how many."""
    return PasswordAttempt.objects.filter(at__lte=timezone.now() - _WINDOW).delete()[0]


def _is_over(key: str) -> bool:
    since = timezone.now() - _WINDOW
    found = PasswordAttempt.objects.filter(key=key, at__gt=since)
    return found.count() >= limits.WRONG_PASSWORDS


def _key_for(address: str) -> str:
    rows = EmailAddress.objects.filter(email=address.lower()).order_by("-verified", "pk")
    number = rows.values_list("user_id", flat=True).first()
    return _key(f"account {number}" if number else f"address {address.lower()}")


def _key(text: str) -> str:
    return salted_hmac("accounts.guessing", text, algorithm="sha256").hexdigest()
