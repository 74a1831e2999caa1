"""Define the form of a sealed answer: the answer, and when it opens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField
from core.timestamps import in_present_zone

from ...actions import Opening
from ...models import Question, SealedAnswer
from .base import StudioForm
from .post import MINUTE_FORMAT

# Readers, more than a question will have: a larger number would mean never.
READERS_MAX = 100_000


class SealingForm(StudioForm):
    """Choose the answer to seal, none at first, and one or both conditions of opening."""

    stance = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose your answer. Nothing is chosen for you.")},
    )
    opens_after = NumberField(
        label=_("Opens after this many readers have answered"),
        required=False,
        min_value=1,
        max_value=READERS_MAX,
        help_text=_(
            "Readers see this number. When your answer opens, they know that so many have answered."
        ),
    )
    opens_at = forms.DateTimeField(
        label=in_present_zone(_("Opens at ({zone})")),
        required=False,
        input_formats=[MINUTE_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE_FORMAT),
        help_text=_("With both, whichever comes first opens it."),
        error_messages={"invalid": _("Please write a date and a time, like 2030-01-31T09:00.")},
    )

    def __init__(
        self, data: Any = None, *, question: Question, sealed: SealedAnswer | None
    ) -> None:
        initial = {}
        if sealed is not None and sealed.stance is not None:
            initial = {
                "stance": sealed.stance.key,
                "opens_after": sealed.opens_after,
                "opens_at": sealed.opens_at,
            }
        super().__init__(data, initial=initial)
        field = self.fields["stance"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stance.key, stance.word) for stance in question.offered]

    @property
    def opening(self) -> Opening:
        """Return the condition of opening in a valid form."""
        return Opening(self.cleaned_data["opens_at"], self.cleaned_data["opens_after"])
