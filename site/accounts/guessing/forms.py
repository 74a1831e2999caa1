"""Forms that take an e-mail address without a password, from somebody signed out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm as AllauthCodeForm
from allauth.account.forms import ResetPasswordForm as AllauthResetForm
from allauth.core import context, ratelimit

from ..words.forms import OurWords
from .rehearsing import person_at


class RequestLoginCodeForm(OurWords, AllauthCodeForm):
    """The form that asks for a code to sign in with."""

    def clean_email(self) -> Any:
        """Return the address, unless it was mailed too many codes; known or not, alike."""
        email = self.cleaned_data["email"]
        request = context.request
        if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = person_at(email, request)
        return email


class ResetPasswordForm(OurWords, AllauthResetForm):
    """The form that asks for a link to choose another password."""

    def clean_email(self) -> Any:
        """Return the address."""
        email = get_adapter().clean_email(self.cleaned_data["email"].lower())
        self.users = [person_at(email, context.request)]
        return email
