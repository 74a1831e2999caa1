"""Define the form of a post: its text, address, language, part of a series and publication."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.conf import global_settings, settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from markdownx.widgets import MarkdownxWidget

from accounts.drafts import SendingPage
from accounts.models import User
from core import limits
from core.forms import NumberField, SafeLineField, SafeTextField
from core.timestamps import in_present_zone

from ...actions.announcements import is_begun
from ...actions.posts import why_taken
from ...models import Post
from ..part_positions import position_choices, position_value
from .base import AddressField, StudioForm

# Fields that the page fills in itself.
KEYS = frozenset({"based_on", "began", "form_key", "over"})
# What belongs to the article and not to a revision. The page sends along how it was (`began`), so
# that saving an old page does not undo what another author chose meanwhile.
SETTINGS = ("slug", "language", "place", "mailed_as")
# What browsers send for an input of type datetime-local.
MINUTE_FORMAT = "%Y-%m-%dT%H:%M"


class Act(StrEnum):
    """Name the actions of the form's buttons; each saves the post first."""

    SAVE = "save"
    PREVIEW = "preview"
    PUBLISH = "publish"
    SCHEDULE = "schedule"

    @classmethod
    def from_value(cls, value: str | None) -> "Act":
        """Return the act with the `value` of a button, `SAVE` for any other value."""
        return cls(value) if value in set(cls) else cls.SAVE


class Editor(MarkdownxWidget):  # type: ignore[misc]
    """Render the text area of django-markdownx without its preview, which the page shows itself."""

    template_name = "django/forms/widgets/textarea.html"


class PostForm(StudioForm):
    """Edit `post`, or a new post where it is None; `words` are an unsaved draft of the fields."""

    markup_field = "body"

    based_on = NumberField(required=False, widget=forms.HiddenInput)
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    began = forms.CharField(required=False, widget=forms.HiddenInput)
    # The number of the newer revision over which the author saves knowingly.
    over = NumberField(required=False, widget=forms.HiddenInput)
    title = SafeLineField(
        label=_("Title"),
        max_length=200,
        error_messages={"required": _("Please give it a title. You can change it later.")},
    )
    standfirst = SafeLineField(
        label=_("Standfirst"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences under the title: why read this?"),
    )
    body = SafeTextField(
        label=_("Text"),
        max_length=limits.POST_MAX,
        required=False,
        widget=Editor(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=_(
            "Markdown: ## heading, *emphasis*, > quotation, - list, [words](https://…), "
            "[^1] for a footnote, ![description](address) for a picture of this site."
        ),
    )
    place = forms.ChoiceField(label=_("Series"), required=False)
    slug = AddressField()
    language = forms.ChoiceField(label=_("Language"), choices=global_settings.LANGUAGES)
    # Empty keeps the choice as it is.
    mailed_as = forms.ChoiceField(
        label=_("E-mail to followers"),
        choices=Post.MailedAs.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "It is sent ten minutes after publication, so that you can still take the article back."
        ),
    )
    at = forms.DateTimeField(
        label=in_present_zone(_("Date and time ({zone})")),
        required=False,
        input_formats=[MINUTE_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE_FORMAT),
        error_messages={"invalid": _("Please write a date and a time, like 2030-01-31T09:00.")},
    )

    def __init__(
        self,
        *args: Any,
        author: User,
        post: Post | None,
        words: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.post = post
        self.now = timezone.now()
        kwargs["initial"] = _initial(post) | dict(words or {})
        super().__init__(*args, **kwargs)
        self.act = Act.from_value(self.data.get("act"))
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = position_choices(author, post)
        if self.is_slug_fixed:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _(
                "It cannot change while the article is published or scheduled."
            )
        if post is not None and is_begun(post):
            # Those who have got it cannot get it otherwise.
            self.fields["mailed_as"].disabled = True
        if post is None:
            self.fields["slug"].help_text = _("If empty, it is made from the title.")

    @property
    def is_slug_fixed(self) -> bool:
        """Return whether the post has a live revision, so that other sites may link to it."""
        return self.post is not None and self.post.live_revision_id is not None

    @property
    def page(self) -> SendingPage:
        """Return the page that sent the form."""
        assert isinstance(self.data, QueryDict)
        return SendingPage.of(self.data)

    def is_changed(self, name: str) -> bool:
        """Return whether the author changed the field `name` of `SETTINGS`, or may have."""
        began = QueryDict(self.cleaned_data.get("began", ""))
        return name not in began or began[name] != self.data.get(name, "")

    def clean_slug(self) -> str:
        """Return the slug, empty to keep it; raise `ValidationError` if another post has it."""
        slug: str = self.cleaned_data["slug"] if self.is_changed("slug") else ""
        refusal = why_taken(slug, self.post) if slug else ""
        if refusal:
            raise ValidationError(refusal)
        return slug

    def clean(self) -> None:
        """Require a time in the future to schedule the post."""
        super().clean()
        if self.act != Act.SCHEDULE or "at" in self.errors:
            return
        at: datetime | None = self.cleaned_data.get("at")
        if at is None:
            self.add_error("at", _("Please choose the date and time of publication."))
        elif at <= self.now:
            self.add_error("at", _("This time has passed. Choose a later one, or publish now."))

    def take_as_newest(self, number: int) -> None:
        """Set `based_on` to revision `number`, so that saving again is no conflict."""
        self.fill_again("based_on", str(number))


def _initial(post: Post | None) -> dict[str, Any]:
    if post is None:
        usual = {"language": settings.LANGUAGE_CODE, "mailed_as": Post.MailedAs.BEGINNING}
        return usual | {"form_key": uuid4(), "began": _began(usual)}
    newest = post.newest_revision
    text = {name: getattr(newest, name, "") for name in ("title", "standfirst", "body")}
    chosen = {
        "slug": post.slug,
        "place": position_value(post),
        "language": post.language,
        "mailed_as": post.mailed_as,
    }
    return text | {
        "based_on": newest.number if newest else 0,
        "at": post.published_at,
        **chosen,
        "began": _began(chosen),
    }


def _began(chosen: Mapping[str, str]) -> str:
    """Return `chosen`, the values of `SETTINGS` with which a page begins, in one field."""
    return urlencode({name: chosen.get(name, "") for name in SETTINGS})


def sent_key(value: str | None) -> UUID | None:
    """Return the form key in the sent `value`, None if it is not a UUID."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
