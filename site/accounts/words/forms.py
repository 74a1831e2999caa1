"""The forms of allauth with our labels."""

from typing import Any

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _

# By the names of fields.
LABELS = {
    "code": _("The code"),
    "email": _("E-mail"),
    "login": _("E-mail"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
}
PASSWORD_HELP = _("At least ten characters. A few words make a good one.")


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


class AddEmailForm(OurWords, allauth.AddEmailForm):
    """The form that adds an address."""


class ChangeEmailForm(OurWords, allauth.ChangeEmailForm):
    """The form that sends the code of a sign-up to another address."""


class ConfirmEmailForm(OurWords, allauth.ConfirmEmailVerificationCodeForm):
    """The form that takes the code of an address."""


class ConfirmLoginForm(OurWords, allauth.ConfirmLoginCodeForm):
    """The form that takes the code to sign in."""


class AskPasswordForm(OurWords, allauth.ReauthenticateForm):
    """The form that asks for the password again."""


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    """The form that sets another password, behind the link in the mail."""


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    """The form that sets a password, or another one."""
