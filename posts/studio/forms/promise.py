"""Define the forms of a promise: its sentence, the parts that keep it, its withdrawal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import SafeLineField
from core.markdown.html import shortened

from ...models import Part, Post, Promise
from .base import StudioForm

# Characters of a sentence shown in the list of choices.
SHOWN_MAX = 140


class PartsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Choose any number of parts."""

    def label_from_instance(self, obj: Part) -> str:
        """Return the number, title and series of the part `obj`."""
        return f"{obj.position}. {obj.shown_title()} ({obj.series.title})"


class PartsForm(StudioForm):
    """Define the common fields of both forms of a promise: the parts that keep it, and a note."""

    note = SafeLineField(
        label=_("What it promises, in a few words"),
        max_length=120,
        required=False,
    )
    parts = PartsChoice(
        label=_("The parts that keep it"),
        queryset=Part.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these parts is gone. Please look again.")},
    )

    def __init__(self, *args: Any, author: User, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parts"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = parts_for(author, post)
        if not field.queryset.exists():
            del self.fields["parts"]

    @property
    def part_ids(self) -> tuple[int, ...]:
        """Return the ids of the chosen parts."""
        return tuple(part.pk for part in self.cleaned_data.get("parts", ()))


class NewPromiseForm(PartsForm):
    """Add a promise: a sentence chosen from `sentences`, or pasted words."""

    sentence = forms.ChoiceField(label=_("A sentence of the text"), required=False)
    words = SafeLineField(
        label=_("Or only some of its words, exactly as they stand there"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("sentence", "words", "note", "parts")

    def __init__(self, *args: Any, sentences: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sentence"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choose one")),
            *((one, shortened(one, SHOWN_MAX)) for one in sentences),
        ]
        field.error_messages["invalid_choice"] = _(
            "This sentence is no longer in the text. Choose again."
        )

    def clean(self) -> None:
        """Require a chosen sentence or pasted words."""
        super().clean()
        if not self.errors and not self.exact:
            self.add_error("sentence", _("Choose a sentence, or paste its words below."))

    @property
    def exact(self) -> str:
        """Return the promising text: the pasted words, else the chosen sentence."""
        return self.cleaned_data.get("words") or self.cleaned_data.get("sentence") or ""


class PromiseForm(PartsForm):
    """Change or withdraw an existing promise."""

    withdrawn_reason = SafeLineField(
        label=_("Why it will not be kept"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "With a reason the promise is withdrawn, and readers see the reason "
            "beside the sentence. Leave it empty to let the promise stand."
        ),
    )

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        initial = {
            "note": promise.note,
            "parts": [part.pk for part in promise.parts.all()],
            "withdrawn_reason": promise.withdrawn_reason,
        }
        super().__init__(*args, post=promise.post, initial=initial, **kwargs)


def parts_for(author: User, post: Post) -> Any:
    """Return the parts that can keep a promise of `post`, ordered by series and position.

    They are the parts of the authors' series, and those that keep a promise of the post already.
    """
    own = Part.objects.filter(series__owner_id__in={author.pk, *post.author_ids})
    chosen = Part.objects.filter(promises__post=post)
    parts = (own | chosen).distinct().select_related("series", "post__live_revision")
    return parts.order_by("series__title", "series_id", "position")
