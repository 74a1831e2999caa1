"""Validate what readers send: comments, answers, changes of mind, edits."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import NumberField, SafeTextField
from posts.models import Stance

from .models import ChangeKind

# What people exempt from giving an answer write: values of `CommentForm.kind`.
ANSWER, NOTE = "answer", "note"


class StanceField(forms.ChoiceField):
    """A choice among the stances of one question, by key; cleans to a Stance or None."""

    widget = forms.RadioSelect
    default_error_messages = {
        "invalid_choice": _("Please choose one of the answers shown."),
        "required": _("Please choose an answer. None is chosen for you."),
    }

    def offer(self, stances: Iterable[Any]) -> None:
        """Offer `stances`, or objects with the same keys and words."""
        self.stances = {stance.key: stance for stance in stances}
        self.choices = [(stance.key, stance.word) for stance in self.stances.values()]

    def clean(self, value: Any) -> Any:
        """Return the stance chosen; raises ValidationError for one of another question."""
        key = super().clean(value)
        return self.stances[key] if key else None


class CommentForm(forms.Form):
    """A comment with its stance, one of `stances`; None where there is no question.

    With `may_skip_stance` its writer says by `kind` whether it is an answer or a note. A form that
    says neither is an answer if it has a stance.
    """

    kind = forms.ChoiceField(choices=[(ANSWER, ANSWER), (NOTE, NOTE)], required=False)
    stance = StanceField(required=False)
    # The answer of others for which it gives the best reason, if any.
    argues_for = StanceField(required=False)
    body = SafeTextField(
        label=_("Your comment"),
        min_length=limits.COMMENT_MIN,
        max_length=limits.COMMENT_MAX,
        error_messages={"required": _("Please write something before you post.")},
    )
    parent = NumberField(required=False, min_value=1, widget=forms.HiddenInput)
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    saw_totals = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        stances: Iterable[Any] | None,
        may_skip_stance: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        offered = list(stances or ())
        for name in ("stance", "argues_for"):
            field = self.fields[name]
            assert isinstance(field, StanceField)
            field.offer(offered)
        # A steelman keeps the stance of its writer, so that the form need not name it.
        self.may_skip_stance = may_skip_stance and stances is not None
        skips = may_skip_stance and self.data.get("kind") != ANSWER
        self.fields["stance"].required = not (skips or self.data.get("argues_for"))
        if not self.may_skip_stance:
            del self.fields["kind"]
        if stances is None:
            del self.fields["stance"]

    def clean(self) -> dict[str, Any]:
        """Leave out the stance of a note, chosen before or unknown: nothing is wrong with it."""
        data = super().clean() or {}
        if data.get("kind") == NOTE:
            for name in ("stance", "argues_for"):
                self.errors.pop(name, None)
                data[name] = None
        return data

    def answers_only(self) -> None:
        """Require the stance and no text: the reader answers without a comment."""
        self.fields.pop("kind", None)
        self.fields["body"].required = False
        self.fields["stance"].required = True


class ChangeForm(forms.Form):
    """A change of mind in the reader's own words; `was` is their present answer."""

    kind = forms.ChoiceField(
        choices=ChangeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say what changed.")},
    )
    stance = StanceField(required=False)
    words = SafeTextField(
        label=_("What moved you, in your own words?"),
        min_length=limits.CHANGE_WORDS_MIN,
        max_length=limits.CHANGE_WORDS_MAX,
        error_messages={"required": _("Please say in your own words what moved you.")},
    )
    was = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stances: Iterable[Stance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {stance.key: stance for stance in stances}
        field = self.fields["stance"]
        if isinstance(field, StanceField):
            field.offer(stance for stance in self.known.values() if stance.is_offered)

    def clean_words(self) -> str:
        """Refuse texts that are mostly quotations."""
        words: str = self.cleaned_data["words"]
        own = " ".join(line for line in words.splitlines() if not line.lstrip().startswith(">"))
        if len(own.strip()) < limits.CHANGE_WORDS_MIN:
            raise forms.ValidationError(
                _("Please write at least %(n)d characters of your own. Quotations do not count.")
                % {"n": limits.CHANGE_WORDS_MIN}
            )
        return words

    def clean_was(self) -> Stance:
        """Return the answer that the form showed as the reader's own."""
        if self.cleaned_data["was"] not in self.known:
            raise forms.ValidationError(_("Please answer the question first."))
        return self.known[self.cleaned_data["was"]]

    def clean(self) -> dict[str, Any]:
        """Require the new answer where the answer changed."""
        data = super().clean() or {}
        if data.get("kind") == ChangeKind.MOVED and not data.get("stance"):
            self.add_error("stance", _("Please choose what your answer is now."))
        return data


class EditForm(forms.Form):
    """A comment's new text, and its stance while that may be corrected.

    A steelman's correction is another answer to argue for, one of `targets`.
    """

    stance = StanceField()
    argues_for = StanceField()
    body = SafeTextField(
        label=_("Your comment"), min_length=limits.COMMENT_MIN, max_length=limits.COMMENT_MAX
    )

    def __init__(
        self,
        *args: Any,
        stances: Iterable[Stance] | None = None,
        targets: Iterable[Stance] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("stance", stances), ("argues_for", targets)):
            field = self.fields[name]
            if offered is None:
                del self.fields[name]
            elif isinstance(field, StanceField):
                field.offer(offered)
