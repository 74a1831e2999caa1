"""Do the work of a known address for an unknown one, so that time does not tell which is which.

An unknown address is of `nobody`: an account in memory, for which the same code runs. What it mails
goes to nobody, and no later request finds it.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest

from ..models import User

# No row has this id.
_NO_ID = 0


def person_at(email: str, request: HttpRequest) -> User:
    """Return whom a code or link to `email` lets in, or nobody; always one query.

    Who has confirmed the address comes before those who have only typed it.
    """
    rows = EmailAddress.objects.filter(email=email.lower(), user__is_active=True)
    found = rows.order_by("-verified", "pk").select_related("user").first()
    return found.user if found else nobody(email, request)


def nobody(email: str, request: HttpRequest) -> User:
    """Return an account that is not stored; from here on `request` mails nothing."""
    request.is_rehearsal = True  # type: ignore[attr-defined]
    return User(pk=_NO_ID, email=email)


def is_nobody(person: User | None) -> bool:
    """Return whether `person` was made by `nobody`, or is what a later request finds of them."""
    return person is None or person.pk == _NO_ID


def is_rehearsal(request: HttpRequest) -> bool:
    """Return whether `request` works for nobody."""
    return getattr(request, "is_rehearsal", False)


def rehearse_mail(message: EmailMessage) -> None:
    """Queue `message` for nobody, if mail is queued; else there is nothing to do."""
    rehearse: Any = getattr(get_connection(), "rehearse", None)
    if rehearse is not None:
        rehearse(message)
