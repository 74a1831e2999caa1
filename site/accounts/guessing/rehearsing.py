"""Do the work of a known address for an unknown one, and of a new one for a known one.

So the time of an answer does not tell which addresses have an account.
"""

from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils.crypto import get_random_string

from core.db.transactions import write_lock


class _Undone(Exception):
    """Ends a transaction whose work was only for its time."""


def rehearse_mail(message: EmailMessage) -> None:
    """Queue `message` for nobody, if mail is queued; else there is nothing to do."""
    rehearse: Any = getattr(get_connection(), "rehearse", None)
    if rehearse is not None:
        rehearse(message)


def rehearse_sign_up(form: Any, request: Any) -> None:
    """Make the account that `form` asks for, under an address of nobody, and take it back."""
    typed = form.cleaned_data["email"]
    form.cleaned_data["email"] = f"{get_random_string(32)}@rehearsal.invalid"
    form.account_already_exists = False
    try:
        with write_lock(), transaction.atomic():
            form.save(request)
            raise _Undone
    except _Undone:
        form.account_already_exists = True
        form.cleaned_data["email"] = typed
