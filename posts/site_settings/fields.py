"""Define the fields of the site profile that are a line each: answers and domains."""

from typing import Any

from django import forms

from core.forms import SafeTextField
from publication.answers import read_answers, write_answers
from publication.joining import read_domains


class AnswersField(SafeTextField):
    """Accept the answers of the publication, one a line; see `publication.answers`."""

    def prepare_value(self, value: Any) -> Any:
        """Return stored answers as the lines of the form."""
        return write_answers(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the answers, none for an empty field; raise `ValidationError` for others."""
        text = super().clean(value)
        return read_answers(text) if text else []


class DomainsField(SafeTextField):
    """Accept domains of e-mail addresses, one a line; see `publication.joining`."""

    def __init__(self, label: Any, help_text: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
        super().__init__(label=label, required=False, widget=widget, help_text=help_text)

    def prepare_value(self, value: Any) -> Any:
        """Return stored domains as the lines of the form."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the domains; raise `ValidationError` that names the lines which are none."""
        return read_domains(super().clean(value))
