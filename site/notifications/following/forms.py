"""The form with which somebody follows something without an account, and its rule of addresses."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

ADDRESS_LENGTH = 254
_REFUSED = _("Please write an e-mail address, such as name@example.org.")


class AddressRefused(ValidationError):
    """Raised for what is no e-mail address that can be followed from."""


def checked_address(written: str) -> str:
    """Return an address in lower case and in one spelling.

    Raises AddressRefused for one without a host's name, with odd characters, or too long.
    """
    try:
        EmailValidator(_REFUSED, allowlist=[])(written)
    except ValidationError as error:
        raise AddressRefused(_REFUSED) from error
    address = _in_letters(written.lower())
    is_odd = address.endswith("]") or not address.isprintable() or '"' in address
    if is_odd or len(address) > ADDRESS_LENGTH:
        raise AddressRefused(_REFUSED)
    return address


def _in_letters(address: str) -> str:
    """Return an address whose domain is in letters of its own script, where it is encoded."""
    name, _at, domain = address.rpartition("@")
    if "xn--" in domain:
        with suppress(UnicodeError):
            domain = domain.encode("ascii").decode("idna").lower()
    return f"{name}@{domain}"


class AddressForm(forms.Form):
    """Ask for an e-mail address."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=ADDRESS_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _REFUSED},
    )

    def clean_email(self) -> str:
        """Return the address in lower case; refuse hosts without a name and odd characters."""
        return checked_address(self.cleaned_data["email"])
