"""What readers send: comments, answers, edits."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import SafeTextField
from posts.models import Post, Stance


class CommentForm(forms.Form):
    """A comment with the stance it takes. `post` decides which stances there are."""

    stance = forms.ModelChoiceField(
        queryset=Stance.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("Please choose one of the answers shown."),
            "required": _("Please choose where you stand. Nothing is chosen for you."),
        },
    )
    body = SafeTextField(
        label=_("Your comment"),
        min_length=limits.COMMENT_MIN,
        max_length=limits.COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write something before you post.")},
    )
    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    saw_totals = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, post: Post, may_skip_stance: bool = False, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        question = getattr(post, "question", None)
        field = self.fields["stance"]
        if question is None:
            del self.fields["stance"]
        elif isinstance(field, forms.ModelChoiceField):
            field.queryset = question.stances.filter(is_offered=True)
            field.required = not may_skip_stance

    def answers_only(self) -> None:
        """Ask for the stance alone: the reader answers without commenting."""
        self.fields["body"].required = False
        self.fields["stance"].required = True


class EditForm(forms.Form):
    """A comment's new text, and its stance while that may still be corrected."""

    stance = forms.ModelChoiceField(
        queryset=Stance.objects.none(),
        to_field_name="key",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the answers shown.")},
    )
    body = SafeTextField(
        label=_("Your comment"),
        min_length=limits.COMMENT_MIN,
        max_length=limits.COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, stances: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stance"]
        if stances is None:
            del self.fields["stance"]
        elif isinstance(field, forms.ModelChoiceField):
            field.queryset = stances
