"""Define the forms of the set-up of a new site."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import limits
from core.forms import NumberField, SafeTextField
from publication import saving
from publication.models import SiteProfile

from ..importing.articles import Article, parse_article
from ..studio.forms.base import StudioForm
from .forms import ProfileForm


class NamingForm(StudioForm):
    """Ask for the name and the tagline of the site, unless the environment sets them."""

    based_on = NumberField(widget=forms.HiddenInput)
    name = ProfileForm.base_fields["name"]
    tagline = ProfileForm.base_fields["tagline"]

    def __init__(self, data: Any = None, *, profile: SiteProfile) -> None:
        super().__init__(data, initial={**profile.chosen, "based_on": profile.number})
        for name in settings.PROFILE_FROM_ENVIRONMENT:
            self.fields.pop(name, None)

    def save(self, by: User) -> SiteProfile:
        """Save the valid form as a version of the profile; raises as `save_profile`."""
        values = dict(self.cleaned_data)
        return saving.save_profile(values, based_on=values.pop("based_on"), by=by)


class FirstArticleForm(StudioForm):
    """Take an article from a file of text or Markdown, or as it was pasted."""

    markup_field = "text"
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("Text or Markdown, in UTF-8. Every paragraph stays word for word."),
    )
    text = SafeTextField(
        label=gettext_lazy("Or paste it"),
        max_length=limits.POST_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The question it ends with becomes the one readers answer."),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values, with the text of the file if there is one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        sent = cleaned.get("file")
        if sent is not None and sent.size:
            cleaned["text"] = self._text_of(sent.read())
        if not cleaned.get("text") and not self.errors:
            raise ValidationError(_("Choose a file, or paste the article."))
        return cleaned

    @property
    def article(self) -> Article:
        """The article in the valid form; raises ActionRefused."""
        text, sent = self.cleaned_data["text"], self.cleaned_data["file"]
        is_markdown = text.startswith(("# ", "---", "+++"))
        name = sent.name if sent else "untitled.md" if is_markdown else "untitled.txt"
        return parse_article(text, Path(name))

    def _text_of(self, content: bytes) -> str:
        try:
            return str(self.fields["text"].clean(content.decode("utf-8-sig")))
        except UnicodeDecodeError:
            self.add_error("file", _("This file is not a text in UTF-8."))
        except ValidationError as refused:
            self.add_error("file", refused)
        return ""
