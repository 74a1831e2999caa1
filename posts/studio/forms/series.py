"""Define the forms of a series and of one of its parts."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import limits
from core.forms import SafeLineField, SafeTextField

from ...models import Part, Post, Series
from .base import AddressField, StudioForm


class SeriesForm(StudioForm):
    """Edit the title, address and descriptions of `series`, or of a new one where it is None."""

    markup_field = "description"

    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = SafeLineField(
        label=_("Title"),
        max_length=120,
        error_messages={"required": _("Please give the series a title.")},
    )
    standfirst = SafeLineField(
        label=_("Standfirst"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences: what is it about?"),
    )
    description = SafeTextField(
        label=_("Description"),
        max_length=limits.COMMENT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("As long as you like, in Markdown. It is shown above the parts."),
    )
    slug = AddressField()

    def __init__(self, *args: Any, series: Series | None, **kwargs: Any) -> None:
        self.series = series
        names = ("title", "standfirst", "description", "slug")
        initial = {name: getattr(series, name) for name in names} if series else {}
        kwargs["initial"] = {"form_key": uuid4(), **initial}
        super().__init__(*args, **kwargs)
        if series is None:
            self.fields["slug"].help_text = _("If empty, it is made from the title.")

    def clean_slug(self) -> str:
        """Return the slug; raise `ValidationError` if another series has it."""
        slug: str = self.cleaned_data["slug"]
        others = Series.objects.exclude(pk=self.series.pk) if self.series else Series.objects.all()
        if slug and others.filter(slug=slug).exists():
            raise ValidationError(_("Another series has this address. Please choose another one."))
        return slug


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choose a post by its title."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the title and the state of the post `obj`."""
        post: Post = obj
        return f"{post.title or post.slug} ({post.state().label})"


class PartForm(StudioForm):
    """Edit an announced part: its title, a sentence about it, and its post if it has one."""

    title = SafeLineField(
        label=_("Announced title"),
        max_length=200,
        error_messages={"required": _("Please give the part a title.")},
    )
    summary = SafeLineField(
        label=_("What it will be about"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    post = PostChoice(
        label=_("Article"),
        queryset=Post.objects.none(),
        required=False,
        empty_label=_("Not written yet"),
        help_text=_("Only your articles that are not yet part of a series are listed."),
        error_messages={
            "invalid_choice": _("This article is part of a series by now. Choose another.")
        },
    )

    def __init__(self, *args: Any, author: User, part: Part | None, **kwargs: Any) -> None:
        if part is not None:
            names = ("title", "summary", "post")
            kwargs["initial"] = {name: getattr(part, name) for name in names}
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        free = Q(part__isnull=True) | Q(part=part) if part else Q(part__isnull=True)
        field.queryset = Post.objects.editable_by(author).with_text().filter(free)
