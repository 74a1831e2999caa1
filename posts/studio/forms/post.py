"""The words of a post, where it stands, and what to do with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from markdownx.widgets import MarkdownxWidget

from accounts.models import User
from core import limits
from core.forms import SafeLineField, SafeTextField

from ...models import Post
from ..part_positions import place_choices, place_value
from .base import AddressField, StudioForm

MINUTE_FORMAT = "%Y-%m-%dT%H:%M"


class Act(StrEnum):
    """What the pressed button asks for, besides saving."""

    SAVE = "save"
    PREVIEW = "preview"
    PUBLISH = "publish"
    SCHEDULE = "schedule"

    @classmethod
    def asked_for(cls, value: str | None) -> "Act":
        """Return the act a button's `value` names; anything else only saves."""
        return cls(value) if value in set(cls) else cls.SAVE


class Editor(MarkdownxWidget):  # type: ignore[misc]
    """The text area of django-markdownx, without its frame: the page has the preview elsewhere."""

    template_name = "django/forms/widgets/textarea.html"


class PostForm(StudioForm):
    """A post as its author writes it. `post` is None for a new one."""

    markup_field = "body"

    based_on = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = SafeLineField(
        label=_("Title"),
        max_length=200,
        error_messages={"required": _("Please give it a title. It can change until it is out.")},
    )
    standfirst = SafeLineField(
        label=_("Standfirst"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences below the title: why read this?"),
    )
    body = SafeTextField(
        label=_("Text"),
        max_length=limits.POST_MAX,
        required=False,
        widget=Editor(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=_(
            "Markdown: ## heading, *emphasis*, > quotation, - list, [words](https://…), "
            "[^1] for a footnote."
        ),
    )
    place = forms.ChoiceField(label=_("Series"), required=False)
    slug = AddressField()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    at = forms.DateTimeField(
        label=_("Date and time (UTC)"),
        required=False,
        input_formats=[MINUTE_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE_FORMAT),
        error_messages={"invalid": _("Please write a date and a time, like 2030-01-31T09:00.")},
    )

    def __init__(self, *args: Any, author: User, post: Post | None, **kwargs: Any) -> None:
        self.post = post
        self.now = timezone.now()
        kwargs["initial"] = _initial(post)
        super().__init__(*args, **kwargs)
        self.act = Act.asked_for(self.data.get("act"))
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = place_choices(author, post)
        if self.address_is_fixed:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _("It stays as it is while the post is out.")
        if post is None:
            self.fields["slug"].help_text = _("Leave it empty, and it is made from the title.")

    @property
    def address_is_fixed(self) -> bool:
        """Whether others may link to the post already."""
        return self.post is not None and self.post.live_revision_id is not None

    @property
    def direction(self) -> str:
        """The direction in which the chosen language is written."""
        info: dict[str, Any] = LANG_INFO.get(self.cleaned_data["language"], {})
        return Post.Direction.RTL if info.get("bidi") else Post.Direction.LTR

    def clean_slug(self) -> str:
        """Return the address in small letters; refuse one that another post has."""
        slug: str = self.cleaned_data["slug"].lower()
        others = Post.objects.exclude(pk=self.post.pk) if self.post else Post.objects.all()
        if slug and others.filter(slug=slug).exists():
            raise ValidationError(_("Another post has this address. Please choose another one."))
        return slug

    def clean(self) -> None:
        """Ask for a time to come where the post is to be scheduled."""
        super().clean()
        if self.act != Act.SCHEDULE or "at" in self.errors:
            return
        at: datetime | None = self.cleaned_data.get("at")
        if at is None:
            self.add_error("at", _("When shall it come out? Please choose a date and a time."))
        elif at <= self.now:
            self.add_error("at", _("This time has gone by. Choose a later one, or publish it now."))

    def take_as_newest(self, number: int) -> None:
        """Let the next try start from revision `number`: it would then become the newest."""
        self.fill_again("based_on", str(number))


def _initial(post: Post | None) -> dict[str, Any]:
    if post is None:
        return {"form_key": uuid4(), "language": settings.LANGUAGE_CODE}
    newest = post.newest_revision
    words = {name: getattr(newest, name, "") for name in ("title", "standfirst", "body")}
    return words | {
        "based_on": newest.number if newest else 0,
        "slug": post.slug,
        "place": place_value(post),
        "language": post.language,
        "at": post.published_at,
    }


def sent_key(value: str | None) -> UUID | None:
    """Return the form key that was sent, or None if that is no key."""
    try:
        return UUID(value or "")
    except ValueError:
        return None
