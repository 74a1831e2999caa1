"""The forms of reports by readers and of decisions by moderators."""

from typing import Any, ClassVar

from django import forms
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Role
from core import limits
from core.forms import NumberField, SafeLineField, SafeTextField
from posts.models import Post, Stance

from ..models.moderation import (
    SENTENCE_LONGEST,
    SENTENCE_SHORTEST,
    UNEXPLAINED,
    DiscussionReason,
    EndReason,
    PersonReason,
    Reason,
    ThreadReason,
)
from .actions.people import next_suspension_days

# Characters: a few sentences that give the reason; a conversation belongs elsewhere.
NOTE_LENGTH = 1_000
WITHOUT_END = "ban"

_NO_REASON = _("Please choose a reason.")
_CHOOSE_REASON = {"required": _NO_REASON, "invalid_choice": _NO_REASON}


class FlagForm(forms.Form):
    """A reader's report of a comment: a reason and a note.

    `seen` is the token of the text that the form shows (`log.text_token`).
    """

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=lambda: _sentences(Reason, _("It %(reason)s")),
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
    """The reason for a decision, and a note to the person concerned.

    `reasons` are those for its subject, and `sentence` makes a sentence of the label of one.
    `explaining` is the field that the last of them needs, which alone says nothing, and
    `unexplained` the error there.
    """

    reasons: ClassVar[type[TextChoices]] = Reason
    sentence: ClassVar[str | Promise] = _("It %(reason)s")
    explaining: ClassVar[str] = "note"
    unexplained: ClassVar[str | Promise] = _("Please say in a note what the reason is.")

    reason = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE_REASON,
    )
    note = SafeTextField(
        label=_("A note to the writer"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = _sentences(self.reasons, self.sentence)
        if not self.note_is_optional:
            self.fields["note"].help_text = _("Optional, but needed with the last reason.")

    @property
    def note_is_optional(self) -> bool:
        """Whether no reason needs a note, as another field explains it."""
        return self.explaining != "note"

    def clean(self) -> dict[str, Any]:
        """Require words of one's own with a reason that alone says nothing."""
        data = super().clean() or {}
        missing = not data.get(self.explaining) and self.explaining not in self.errors
        if data.get("reason") in UNEXPLAINED and missing:
            self.add_error(self.explaining, str(self.unexplained))
        return data


class RemovalForm(ReasonForm):
    """The reason for removing a comment, and whether all replies below are removed too."""

    with_replies = forms.BooleanField(
        label=_("Remove all replies to it, too"),
        help_text=_("Their writers read the same reason, without your note."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        comment = kwargs.pop("comment")
        super().__init__(*args, **kwargs)
        if not comment.reply_count:
            del self.fields["with_replies"]


class SuspensionForm(ReasonForm):
    """The length of a suspension and its reason; a ban is not offered to those who have one."""

    reasons = PersonReason
    sentence = _("They %(reason)s")

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
        length.choices = [(str(days), _days(days)) for days in limits.SUSPENSION_LADDER]
        if not person.is_banned:
            length.choices += [(WITHOUT_END, _("without an end (a ban)"))]

    @property
    def days(self) -> int | None:
        """The length in days; None for a ban, which has no end."""
        length = self.cleaned_data["length"]
        return None if length == WITHOUT_END else int(length)


class ShownReasonForm(ReasonForm):
    """A reason that readers read, in a sentence if it is another one, and a note to moderators."""

    explaining = "to_readers"
    unexplained = _("Please say in a sentence what the reason is. Readers see it.")

    to_readers = SafeLineField(
        label=_("The other reason, in a sentence"),
        help_text=_(
            "Needed with the last reason, and only with that. Readers see this in its place."
        ),
        required=False,
        min_length=SENTENCE_SHORTEST,
        max_length=SENTENCE_LONGEST,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    field_order = ("reason", "to_readers", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("A note to moderators")

    def clean(self) -> dict[str, Any]:
        """Refuse a sentence beside a reason that says enough: nobody would read it."""
        data = super().clean()
        reason = data.get("reason")
        if data.get("to_readers") and reason and reason not in UNEXPLAINED:
            message = _("Readers see this only with another reason. Choose that, or clear this.")
            self.add_error("to_readers", message)
        return data


class LockForm(ShownReasonForm):
    """The reason for locking a thread."""

    reasons = ThreadReason


class CloseForm(ShownReasonForm):
    """The reason for closing the discussion of `post`.

    That it has been summed up is a reason only where it has been.
    """

    reasons = DiscussionReason

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        if not post.closing:
            reason.choices = [
                (code, label)
                for code, label in _sentences(self.reasons, self.sentence)
                if code != DiscussionReason.SUMMED_UP
            ]


class EndForm(ReasonForm):
    """The reason for ending a lock, a closure or a suspension, and a note to those concerned.

    `seen` is the id of the decision that is to be ended; an undo has to name it. `withheld` are
    reasons that are not offered.
    """

    reasons = EndReason
    sentence = _("Because %(reason)s")
    withheld: ClassVar[frozenset[EndReason]] = frozenset({EndReason.UNDONE})

    seen = NumberField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.label = _("Why end it?")
        withheld = set() if self._is_undo() else self.withheld
        reason.choices = [
            (code, label)
            for code, label in _sentences(self.reasons, self.sentence)
            if code not in withheld
        ]
        self.fields["note"].label = _("A note on it")

    def _is_undo(self) -> bool:
        """Whether the form was sent by the button that undoes the decision that it names."""
        return self.data.get("reason") == EndReason.UNDONE and bool(self.data.get("seen"))


class OpenForm(EndForm):
    """The reason for opening a discussion again; nobody has to have asked for it."""

    withheld = EndForm.withheld | {EndReason.APPEALED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why open it again?")


class RetagForm(forms.Form):
    """The stance to which a comment is re-tagged."""

    stance = forms.ModelChoiceField(
        label=_("Which answer does it argue for?"),
        queryset=Stance.objects.none(),
        to_field_name="key",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose an answer."),
            "invalid_choice": _("Please choose one of the answers shown."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        stances = kwargs.pop("stances")
        super().__init__(*args, **kwargs)
        field = self.fields["stance"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = stances


class AdmissionForm(forms.Form):
    """Whether an account is approved or declined, with a sentence to its person."""

    wish = forms.ChoiceField(choices=[("approve", "approve"), ("decline", "decline")])
    note = SafeTextField(
        label=_("A sentence to them"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They get it by e-mail. To approve them, you can leave it empty."),
    )

    @property
    def approves(self) -> bool:
        """Whether the account is approved."""
        return bool(self.cleaned_data["wish"] == "approve")

    def clean(self) -> dict[str, Any]:
        """Require a sentence for those who are declined."""
        data = super().clean() or {}
        if data.get("wish") == "decline" and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Please say in a sentence why."))
        return data


class RoleForm(forms.Form):
    """The role to grant or to revoke."""

    role = forms.ChoiceField(choices=Role.choices)
    wish = forms.ChoiceField(choices=[("grant", "grant"), ("revoke", "revoke")])


def _days(days: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _sentences(reasons: type[TextChoices], sentence: str | Promise) -> list[tuple[str, str]]:
    """Return (code, label) of each of `reasons`, the label in `sentence`."""
    return [(code, str(sentence) % {"reason": label}) for code, label in reasons.choices]
