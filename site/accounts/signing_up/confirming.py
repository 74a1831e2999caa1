"""End a sign-up when its address is confirmed.

Anybody can sign up with anybody's address. So a password that was typed then stays only if the code
is typed on the page of the same browser, or if the owner of the mailbox has chosen another.
"""

from typing import Any

from allauth.account.internal.flows.email_verification import verify_email
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, password_reset
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.db.transactions import retried

from .. import drafts
from ..models import User
from ..naming import rules
from .models import SignUp

# Set on a request that proves whose password the account has.
PASSWORD_IS_PROVEN = "password_is_proven"  # noqa: S105 (the name of an attribute)


@receiver(email_confirmed)
def end(request: HttpRequest, email_address: EmailAddress, **_kwargs: Any) -> None:
    """Delete the sign-up, remove a password of nobody known, and free the address elsewhere."""
    person = email_address.user
    User.objects.filter(email__iexact=email_address.email).exclude(pk=person.pk).update(email=None)
    if not SignUp.objects.filter(person=person).delete()[0]:
        return
    drafts.hand_over(person)
    if person.has_usable_password() and not getattr(request, PASSWORD_IS_PROVEN, False):
        person.set_unusable_password()
        person.save(update_fields=["password"])
        messages.info(
            request,
            _(
                "Your address is confirmed. We removed the password typed at sign-up, in case "
                "it was not you who typed it. You can sign in with a code, or set a password "
                "under Account."
            ),
        )


@receiver(password_reset)
@retried
def confirm(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Confirm the address of a sign-up whose password was set by the link that was mailed there."""
    rules.lock()
    if SignUp.objects.filter(person=user).exists():
        setattr(request, PASSWORD_IS_PROVEN, True)
        address = EmailAddress.objects.get(user=user)
        address.user = user
        verify_email(request, address)
