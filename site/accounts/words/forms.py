"""The forms of allauth with our labels."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from django.utils.translation import gettext_lazy as _

from ..admission import gate

# By the names of fields.
LABELS = {
    "code": _("The code"),
    "email": _("E-mail"),
    "login": _("E-mail"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
    "recipient": _("E-mail"),
}
PASSWORD_HELP = _("At least ten characters. A few unrelated words make a good one.")

CODE_HELP = _("Eight letters, as in our newest e-mail: capital or small, with or without the dash.")
# A phone offers the code itself, and writes it as it is.
CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "autofocus": True,
    "class": "code-input",
}


class OurWords:
    """Mixin of forms that labels the fields, and leaves placeholders out: they repeat the label."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class CountedCode:
    """Mixin of forms for a code by mail that compares each code three times, however it is sent.

    allauth counts wrong ones in the session, which requests at the same moment read alike.
    """

    expected_code: str | None
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = CODE_HELP
        self.fields["code"].widget.attrs.update(CODE_ATTRIBUTES)

    def clean_code(self) -> str:
        """Return the code; raise ValidationError for a wrong one, or after too many."""
        # There is no code for an unknown address; the work is the same.
        key = self.expected_code or str(context.request.session.session_key)
        if not ratelimit.consume(context.request, action="mailed_code", key=key):
            raise get_adapter().validation_error("incorrect_code")
        return str(super().clean_code())  # type: ignore[misc]


class OfAllowedDomain:
    """Mixin of forms that refuses an address whose domain no account may have."""

    def clean_email(self) -> str:
        """Return the address, or raise ValidationError."""
        email: str = super().clean_email()  # type: ignore[misc]
        gate.check_address(email)
        return email


class AddEmailForm(OfAllowedDomain, OurWords, allauth.AddEmailForm):
    """The form that adds an address."""


class ChangeEmailForm(OfAllowedDomain, OurWords, allauth.ChangeEmailForm):
    """The form that sends the code of a sign-up to another address."""


class ConfirmEmailForm(CountedCode, OurWords, allauth.ConfirmEmailVerificationCodeForm):
    """The form that takes the code of an address."""


class ConfirmLoginForm(CountedCode, OurWords, allauth.ConfirmLoginCodeForm):
    """The form that takes the code to sign in."""


class AskPasswordForm(OurWords, allauth.ReauthenticateForm):
    """The form that asks for the password again."""


class AskForCodeForm(OurWords, allauth.RequestReauthenticationCodeForm):
    """The form that sends a code to one of the person's addresses, to ask who they are."""


class AskCodeForm(CountedCode, OurWords, allauth.ConfirmReauthenticationCodeForm):
    """The form that takes that code."""


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    """The form that sets another password, behind the link in the mail."""


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    """The form that sets a password, or another one."""
