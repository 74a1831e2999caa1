"""The form that confirms the erasure of an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

KEEP = "keep"
DELETE = "delete"


class ErasureForm(forms.Form):
    """The handle to confirm, and whether texts are deleted."""

    texts = forms.ChoiceField(
        label=_("What should happen to your comments and articles?"),
        choices=[
            (KEEP, _("Keep what is published, under the name “former reader”.")),
            (DELETE, _("Delete the texts. Where others have replied, an empty place stays.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what should happen to them.")},
    )
    handle = forms.CharField(
        label=_("Type your handle to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_handle(self) -> str:
        """Raise `ValidationError` unless it is the person's handle."""
        typed: str = self.cleaned_data["handle"]
        if typed.strip().removeprefix("@").casefold() != self.person.handle.casefold():
            raise forms.ValidationError(
                _("That is not your handle. It stands under your name on your page, after the @.")
            )
        return typed
