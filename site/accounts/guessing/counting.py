"""Count wrong passwords by the address that was typed, and by the account that it opens.

The count of the address decides what a wrong password is answered, so that answers do not tell
which addresses have an account, or the same one. The count of the account, over all its addresses,
decides whether the right password is enough: only somebody who knows it sees that.

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
    return PasswordAttempt.objects.create(
        key=_key_of_account(address), address_key=_key_of_address(address), at=timezone.now()
    )


@retried
def was_right(attempt: PasswordAttempt) -> None:
    """Forget an attempt whose password was right."""
    attempt.delete()


def is_guessed_at(address: str) -> bool:
    """Return whether so many passwords typed for `address` were wrong that all lead to a code."""
    return _is_over(address_key=_key_of_address(address))


def is_guessed(person: User) -> bool:
    """Return whether so many passwords of `person` were wrong that one is not enough.

    Demonstration accounts have no mailbox, and their password is known to everybody.
    """
    return not person.is_demo and _is_over(key=_key(f"account {person.pk}"))


def purge() -> int:
    """Delete the attempts that count no longer, and return how many."""
    return PasswordAttempt.objects.filter(at__lte=timezone.now() - _WINDOW).delete()[0]


def _is_over(**key: str) -> bool:
    since = timezone.now() - _WINDOW
    found = PasswordAttempt.objects.filter(**key, at__gt=since)
    return found.count() >= limits.WRONG_PASSWORDS


def _key_of_account(address: str) -> str:
    """Return the key of the account that `address` opens, or that of the address if it opens none.

    One that is not confirmed opens none: by its own count somebody could tell whose it is.
    """
    rows = EmailAddress.objects.filter(email=address.lower(), verified=True)
    number = rows.values_list("user_id", flat=True).first()
    return _key(f"account {number}") if number else _key_of_address(address)


def _key_of_address(address: str) -> str:
    return _key(f"address {address.lower()}")


def _key(text: str) -> str:
    return salted_hmac("accounts.guessing", text, algorithm="sha256").hexdigest()
