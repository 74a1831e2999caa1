"""The form with which an admin sends a list of subscribers."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import limits
from core.exceptions import ActionRefused

from . import reading
from .offered import Offered, offered
from .reading import ReadFile


class SubscribersForm(forms.Form):
    """Ask for a file, and for what its addresses are to follow."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    follows = forms.ChoiceField(label=_("What they will follow"))
    file = forms.FileField(
        label=_("List of addresses"),
        help_text=format_lazy(
            _(
                "A CSV file whose first row names the columns: “{address}”, and if you know them "
                "“consent_date” (2026-01-31) and “consent_place” (where they agreed). Lists of "
                "Mailchimp, Substack and Ghost can be sent as they are."
            ),
            address=reading.ADDRESS_COLUMN,
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("The file is empty."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: dict[str, Offered] = {each.value: each for each in offered()}
        field: Any = self.fields["follows"]
        field.choices = [
            (value, f"{each.type.label}: {each.target.title}")
            for value, each in self.choices.items()
        ]

    def clean_file(self) -> ReadFile:
        """Return what the file says; refuse one that is too large, or no list of addresses."""
        file = self.cleaned_data["file"]
        if file.size > limits.SUBSCRIBER_BYTES:
            raise ValidationError(_("The file is too large. Please split it."))
        try:
            return reading.read(file.read())
        except ActionRefused as refused:
            raise ValidationError(refused.message) from refused

    @property
    def chosen(self) -> Offered:
        """What the addresses of the valid form are to follow."""
        return self.choices[self.cleaned_data["follows"]]
