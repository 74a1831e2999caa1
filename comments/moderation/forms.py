"""The forms of reports by readers and of decisions by moderators."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Role
from core import limits
from core.forms import NumberField, SafeTextField
from posts.models import Stance

from ..models.moderation import Reason
from .actions.people import next_suspension_days

# Characters: a few sentences that give the reason; a conversation belongs elsewhere.
NOTE_LENGTH = 1_000
WITHOUT_END = "ban"

_NO_REASON = _("Please choose a reason.")
_CHOOSE_REASON = {"required": _NO_REASON, "invalid_choice": _NO_REASON}


def _reason_sentences() -> list[tuple[str, str]]:
    """Return (code, label) of each reason, the label as a sentence that begins with "It"."""
    return [(value, _("It %(reason)s") % {"reason": label}) for value, label in Reason.choices]


class FlagForm(forms.Form):
    """A reader's report of a comment: a reason and a note."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=_reason_sentences,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE_REASON,
    )
    note = SafeTextField(
        label=_("Anything the moderators should know?"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """The reason for a decision, and a note to the person concerned."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=_reason_sentences,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE_REASON,
    )
    note = SafeTextField(
        label=_("A note to the writer"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Require a note with the reason "other", which alone says nothing."""
        data = super().clean() or {}
        if data.get("reason") == Reason.OTHER and not data.get("note"):
            self.add_error("note", _("Please say in a note what the reason is."))
        return data


class RemovalForm(ReasonForm):
    """The reason for removing a comment, and whether all replies below are removed too."""

    with_replies = forms.BooleanField(
        label=_("Remove everything beneath it too"),
        help_text=_("Their writers read the same reason, without your note."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        comment = kwargs.pop("comment")
        super().__init__(*args, **kwargs)
        if not comment.reply_count:
            del self.fields["with_replies"]


class SuspensionForm(ReasonForm):
    """The length of a suspension and its reason."""

    length = forms.ChoiceField(
        label=_("For how long?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of these lengths.")},
    )
    seen = NumberField(required=False, widget=forms.HiddenInput)

    field_order = ("length", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        person = kwargs.pop("person")
        kwargs["initial"] = {
            "length": str(next_suspension_days(person)),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        length = self.fields["length"]
        assert isinstance(length, forms.ChoiceField)
        length.choices = [
            *((str(days), _days(days)) for days in limits.SUSPENSION_LADDER),
            (WITHOUT_END, _("without an end (a ban)")),
        ]

    @property
    def days(self) -> int | None:
        """The length in days; None for a ban, which has no end."""
        length = self.cleaned_data["length"]
        return None if length == WITHOUT_END else int(length)


class RetagForm(forms.Form):
    """The stance to which a comment is re-tagged."""

    stance = forms.ModelChoiceField(
        label=_("Where does it stand?"),
        queryset=Stance.objects.none(),
        to_field_name="key",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose a stance."),
            "invalid_choice": _("Please choose one of the answers shown."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        stances = kwargs.pop("stances")
        super().__init__(*args, **kwargs)
        field = self.fields["stance"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = stances


class RoleForm(forms.Form):
    """The role to grant or to revoke."""

    role = forms.ChoiceField(choices=Role.choices)
    wish = forms.ChoiceField(choices=[("grant", "grant"), ("revoke", "revoke")])


def _days(days: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
