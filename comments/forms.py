"""What readers send: comments, answers, edits."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import SafeTextField
from posts.models import Stance


class StanceField(forms.ChoiceField):
    """A choice among the stances of one question, by key; cleans to the Stance, or None."""

    widget = forms.RadioSelect
    default_error_messages = {
        "invalid_choice": _("Please choose one of the answers shown."),
        "required": _("Please choose where you stand. Nothing is chosen for you."),
    }

    def offer(self, stances: Iterable[Any]) -> None:
        """Let the reader choose among `stances`, or what has their keys and words."""
        self.stances = {stance.key: stance for stance in stances}
        self.choices = [(stance.key, stance.word) for stance in self.stances.values()]

    def clean(self, value: Any) -> Any:
        """Return the stance chosen; raises ValidationError for one of another question."""
        key = super().clean(value)
        return self.stances[key] if key else None


class CommentForm(forms.Form):
    """A comment with the stance it takes, one of `stances`; None where there is no question."""

    stance = StanceField(required=False)
    body = SafeTextField(
        label=_("Your comment"),
        min_length=limits.COMMENT_MIN,
        max_length=limits.COMMENT_MAX,
        error_messages={"required": _("Please write something before you post.")},
    )
    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
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
        field = self.fields["stance"]
        if stances is None:
            del self.fields["stance"]
        elif isinstance(field, StanceField):
            field.offer(stances)
            field.required = not may_skip_stance

    def answers_only(self) -> None:
        """Ask for the stance alone: the reader answers without commenting."""
        self.fields["body"].required = False
        self.fields["stance"].required = True


class EditForm(forms.Form):
    """A comment's new text, and its stance while that may still be corrected."""

    stance = StanceField()
    body = SafeTextField(
        label=_("Your comment"), min_length=limits.COMMENT_MIN, max_length=limits.COMMENT_MAX
    )

    def __init__(self, *args: Any, stances: Iterable[Stance] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stance"]
        if stances is None:
            del self.fields["stance"]
        elif isinstance(field, StanceField):
            field.offer(stances)
