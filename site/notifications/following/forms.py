"""The form with which somebody follows something without an account."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

_REFUSED = _("Please write an e-mail address, such as name@example.org.")


class AddressForm(forms.Form):
    """Ask for an e-mail address."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _REFUSED},
    )

    def clean_email(self) -> str:
        """Return the address in lower case; refuse hosts without a name and odd characters."""
        email: str = self.cleaned_data["email"]
        EmailValidator(_REFUSED, allowlist=[])(email)
        if email.endswith("]") or not email.isprintable() or '"' in email:
            raise ValidationError(_REFUSED)
        return email.lower()
