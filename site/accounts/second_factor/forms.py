"""Forms of second factors: allauth's, with a limit for each account and against broken input."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from . import encryption, pending

# Characters.
NAME_LENGTH = 60
# Characters; some devices send chains of certificates.
CREDENTIAL_LENGTH = 30_000
# What libraries raise for a credential that is JSON but not the answer of a browser.
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class _LimitedCode:
    """Mixin that counts the codes tried for an account, whatever address they come from.

    allauth counts them by address. Who tries codes knows the password already, so this limit keeps
    nobody out who does not; passkeys do not count.
    """

    fields: dict[str, Any]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean_code(self) -> str:
        """Return the code; raise ValidationError for a wrong one, or after too many."""
        request, limit = context.request, {"action": "second_factor", "key": str(self.user.pk)}
        if not ratelimit.consume(request, **limit):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = self.check_code()
        ratelimit.clear(request, **limit)
        return code

    def check_code(self) -> str:
        """Return the code; raise ValidationError for a wrong one."""
        return str(super().clean_code())  # type: ignore[misc]


class AuthenticateForm(_LimitedCode, base.AuthenticateForm):
    """The code that completes signing in."""


class ReauthenticateForm(_LimitedCode, base.ReauthenticateForm):
    """The code that confirms who is at the keyboard."""


class ActivateForm(_LimitedCode, forms.Form):
    """The first code of an app; its secret is in `pending`. allauth's keeps it in clear."""

    code = forms.CharField(
        label=_("Code from the app"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.secret = pending.secret_for(context.request)

    def check_code(self) -> str:
        """Return the code, which cannot be used again; raise ValidationError for a wrong one."""
        validate_can_add_authenticator(self.user)
        code: str = self.cleaned_data["code"]
        data = {"secret": encryption.encrypt(self.secret)}
        proposed = Authenticator(user=self.user, type=Authenticator.Type.TOTP, data=data)
        if not TOTP(proposed).validate_code(code):
            raise get_adapter().validation_error("incorrect_code")
        pending.forget(context.request)
        return code


class CredentialField(forms.JSONField):
    """The answer of a browser, as JSON; refuses what is too long or too deep to be one.

    It also refuses numbers with more digits than Python reads, which raise a plain ValueError.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return the value of the JSON; raise ValidationError if it cannot be read."""
        try:
            return super().to_python(value if len(value or "") <= CREDENTIAL_LENGTH else "{")
        except (RecursionError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return nothing: an answer works once, so the form is shown again without it."""
        return initial

    def prepare_value(self, value: Any) -> str:
        """Return an empty value, which the script of the page fills in."""
        return ""


class _CheckedCredential:
    """Mixin that refuses a credential of any shape that is not a browser's answer."""

    def clean_credential(self) -> Any:
        """Return the credential; raise ValidationError if it is broken or wrong."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class AuthenticatePasskeyForm(_CheckedCredential, webauthn.AuthenticateWebAuthnForm):
    """The passkey that completes signing in."""

    credential = CredentialField()


class SignInPasskeyForm(_CheckedCredential, webauthn.LoginWebAuthnForm):
    """The passkey that signs in by itself."""

    credential = CredentialField()


class ReauthenticatePasskeyForm(_CheckedCredential, webauthn.ReauthenticateWebAuthnForm):
    """The passkey that confirms who is at the keyboard."""

    credential = CredentialField()


class AddPasskeyForm(webauthn._BaseAddWebAuthnForm):
    """A new passkey, and the name its owner gives it."""

    credential = CredentialField()
    name = forms.CharField(label=_("Name"), required=False, max_length=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        """Return what was sent; raise ValidationError for a credential that is no new passkey."""
        try:
            return dict(super().clean())
        except _BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    """The name of a passkey."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
