"""A sentence that announces more, and the parts that are to keep it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import SafeLineField

from ...models import Part, Post, Promise
from .base import StudioForm

# As much of a sentence as a list can show.
SHOWN = 140


class PartsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any of the parts of some series."""

    def label_from_instance(self, obj: Part) -> str:
        """Return number, title and series of a part."""
        return f"{obj.position}. {obj.shown_title()} ({obj.series.title})"


class PartsForm(StudioForm):
    """What both forms about a promise ask: the parts that keep it, and a note."""

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
        """The ids of the chosen parts."""
        return tuple(part.pk for part in self.cleaned_data.get("parts", ()))


class NewPromiseForm(PartsForm):
    """A promise to be added: chosen from the text, or pasted."""

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
            *((one, one if len(one) <= SHOWN else f"{one[:SHOWN]}…") for one in sentences),
        ]
        field.error_messages["invalid_choice"] = _(
            "This sentence is not in the text any more. Choose again."
        )

    def clean(self) -> None:
        """Ask for a sentence, one way or the other."""
        super().clean()
        if not self.errors and not self.exact:
            self.add_error("sentence", _("Choose a sentence, or paste its words below."))

    @property
    def exact(self) -> str:
        """The words that promise; pasted ones go first."""
        return self.cleaned_data.get("words") or self.cleaned_data.get("sentence") or ""


class PromiseForm(PartsForm):
    """A promise that is there already."""

    withdrawn_reason = SafeLineField(
        label=_("Why it will not be kept"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "A reason withdraws the promise; readers see it beside the sentence. "
            "Without one the promise stands."
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
    """Return the parts that may keep a promise of `post`: those of the author's series."""
    own = Part.objects.filter(series__owner_id__in={author.pk, *post.author_ids})
    tied = Part.objects.filter(promises__post=post)
    parts = (own | tied).distinct().select_related("series", "post__live_revision")
    return parts.order_by("series__title", "series_id", "position")
