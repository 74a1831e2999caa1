"""Define the forms of the set-up of a new site."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions
from accounts.forms import NAME_LENGTH
from accounts.models import User
from accounts.naming import rules
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.forms import NumberField, SafeLineField, SafeTextField
from publication import saving
from publication.models import SiteProfile

from ..importing.answers import parse_answers
from ..importing.articles import QUESTION_MAX, Article, parse_article
from ..studio.forms.base import StudioForm
from .forms import ProfileForm

# What the button says that publishes nothing.
KEEP = "keep"


class NamingForm(StudioForm):
    """Ask for the name and the tagline of the site, unless the environment sets them.

    An admin without a name is asked for one as well: articles show it.
    """

    based_on = NumberField(widget=forms.HiddenInput)
    name = ProfileForm.base_fields["name"]
    tagline = ProfileForm.base_fields["tagline"]
    author_name = SafeLineField(
        label=gettext_lazy("Your own name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("Shown with what you publish. Without one, your handle is shown."),
    )

    def __init__(self, data: Any = None, *, profile: SiteProfile, by: User) -> None:
        self.by = by
        super().__init__(data, initial={**profile.chosen, "based_on": profile.number})
        for name in [*settings.PROFILE_FROM_ENVIRONMENT, *(["author_name"] if by.name else [])]:
            self.fields.pop(name, None)

    def clean_author_name(self) -> str:
        """Return the name; refuse one that passes for somebody else's."""
        name: str = self.cleaned_data["author_name"]
        if name:
            rules.check(name, of=self.by)
        return name

    @retried
    def save(self) -> SiteProfile:
        """Save the valid form as a version of the profile, and the name of the admin.

        Raises as `save_profile` and `change_names`.
        """
        values = dict(self.cleaned_data)
        name = values.pop("author_name", "")
        if name:
            actions.change_names(self.by, handle=self.by.handle, name=name)
        return saving.save_profile(values, based_on=values.pop("based_on"), by=self.by)


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
        help_text=gettext_lazy("The question at its end becomes the one readers answer."),
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
            self.add_error(
                "file",
                _(
                    "This file is not text in UTF-8. Save it as plain text or Markdown, and "
                    "choose it again."
                ),
            )
        except ValidationError as refused:
            self.add_error("file", refused)
        return ""


class ReadingForm(StudioForm):
    """Mend the question of a draft that was brought in, and its answers.

    Who keeps it as a draft may leave the answers for later.
    """

    question = SafeLineField(
        label=gettext_lazy("The question"),
        max_length=QUESTION_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "If empty, there is no question, and readers comment without choosing an answer."
        ),
    )
    answers = SafeTextField(
        label=gettext_lazy("The answers"),
        max_length=limits.POST_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Two to five, one a line: a word, then a colon and what it means. You can choose "
            "shapes and colours later."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Return the values, with the answers under `stances`; none without a question."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["stances"] = []
        is_later = self.data.get("act") == KEEP and not cleaned.get("answers")
        if cleaned.get("question") and "answers" in cleaned and not is_later:
            try:
                cleaned["stances"] = parse_answers(cleaned["answers"])
            except ActionRefused as refused:
                self.add_error("answers", str(refused.message))
        return cleaned
