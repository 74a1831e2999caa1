"""The forms with which an author writes a closing: its text, and the citations for each answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import limits
from core.forms import NumberField, SafeLineField, SafeTextField
from core.markdown.html import plain
from core.numbers import number
from posts.models import Post, Stance

from ..models import Closing, Comment
from . import citing

# Characters: room for the addresses of about ten comments.
NAMED_LENGTH = 500
# Characters of a comment shown beside its checkbox: enough to recognise it.
BEGINNING = 180
# The fields of a draft beside the citations.
_TYPED = ("based_on", "body")
# Ticked comments looked up per answer: the ids come from the browser, so their number is bounded.
TICKED_MOST = 50


class ClosingForm(forms.Form):
    """The text of a closing, and the number of the version on which it is based (0 for none)."""

    based_on = NumberField(required=False, widget=forms.HiddenInput)
    body = SafeTextField(
        label=_("Your summary"),
        min_length=limits.CLOSING_MIN,
        max_length=limits.CLOSING_MAX,
        widget=forms.Textarea(
            attrs={"rows": 14, "dir": "auto", "data-behaviour": "autoresize counter"}
        ),
        error_messages={"required": _("Please write your summary.")},
        help_text=_(
            "Markdown works. Say for every answer what its readers would say themselves: they "
            "judge whether you did."
        ),
    )
    closes = forms.BooleanField(
        label=_("Close the discussion"),
        help_text=_(
            "After that nobody can write comments or replies. Readers can still judge your "
            "summary, mark comments and change their answers. You can open it again."
        ),
        required=False,
    )


class NumbersField(forms.MultipleChoiceField):
    """Ids of comments. The comments offered may have changed since; `Sheet` checks each."""

    def valid_value(self, value: Any) -> bool:
        """Return whether `value` is written as a comment id."""
        return number(value) is not None


class SideForm(forms.Form):
    """The comments cited for one answer: ticked among those offered, and named by address."""

    cited = NumbersField(required=False)
    named = SafeLineField(
        label=_("Other comments, by address or number"), required=False, max_length=NAMED_LENGTH
    )

    def clean_named(self) -> list[int]:
        """Return the ids of the comments named; raises `ValidationError` if a word names none."""
        found = citing.numbers_in(self.cleaned_data["named"])
        if found is None:
            raise forms.ValidationError(
                _("Please give addresses or numbers of comments, with spaces between them.")
            )
        return found

    @property
    def ticked(self) -> list[int]:
        """The ids of the ticked comments: as submitted, else as first shown."""
        return [int(each) for each in self["cited"].value() or () if number(str(each))]

    @property
    def chosen(self) -> list[int]:
        """The ids of all comments chosen in the valid fields, each once."""
        data = getattr(self, "cleaned_data", {})
        return list(dict.fromkeys([*map(int, data.get("cited", [])), *data.get("named", [])]))


@dataclass
class FormSide:
    """One answer among the forms: the comments offered for it, and the form that chooses them."""

    stance: Stance
    is_live: bool
    offered: list[Comment]
    form: SideForm

    @property
    def rows(self) -> list[tuple[Comment, str, bool]]:
        """The comments offered: (comment, beginning of its text, whether ticked)."""
        ticked = self.form.ticked
        return [
            (comment, plain(comment.body_html, BEGINNING), comment.pk in ticked)
            for comment in self.offered
        ]


class Sheet:
    """All forms for a closing of `post`, bound to `data`, or filled.

    They are filled with the draft that was `typed`, if any, else from the version `before`.
    """

    def __init__(
        self,
        post: Post,
        before: Closing | None,
        live: list[Stance],
        data: Any = None,
        typed: QueryDict | None = None,
    ) -> None:
        self.post = post
        initial = {
            "based_on": before.number if before else 0,
            "body": before.body if before else "",
            **({} if typed is None else {name: typed[name] for name in _TYPED if name in typed}),
        }
        self.form = ClosingForm(data, initial=initial, auto_id="closing-%s")
        if post.closed_at is not None or not post.is_published():
            del self.form.fields["closes"]
        cited = _cited_by(before)
        self.sides = [_side(post, stance, live, cited, data, typed) for stance in _answers(post)]

    @property
    def errors(self) -> list[str]:
        """The error messages of all forms."""
        every = [self.form, *(side.form for side in self.sides)]
        return [str(error) for form in every for errors in form.errors.values() for error in errors]

    @property
    def based_on(self) -> int:
        """The number of the version on which the text is based (0 for none)."""
        return self.form.cleaned_data["based_on"] or 0

    @property
    def comments(self) -> list[int]:
        """The ids of all comments cited, in the order of the answers."""
        return [pk for side in self.sides for pk in side.form.chosen]

    def is_valid(self) -> bool:
        """Return whether all forms are valid and each comment chosen argues for its answer."""
        if self.errors:
            return False
        found = citing.citable(self.post).in_bulk(self.comments)
        for side in self.sides:
            for sentence in _citation_errors(side, found):
                side.form.add_error("named", sentence)
        return not self.errors

    def take_as_newest(self, number: int) -> None:
        """Base the forms on version `number`, so that saving them again replaces it."""
        assert isinstance(self.form.data, QueryDict)
        data = self.form.data.copy()
        data["based_on"] = str(number)
        self.form.data = data


def _answers(post: Post) -> list[Stance]:
    """Return the answers with at least one citable comment."""
    taken = set(citing.citable(post).order_by().values_list("stance", flat=True).distinct())
    return [stance for stance in post.question.stances.all() if stance.pk in taken]


def _cited_by(before: Closing | None) -> list[int]:
    """Return the ids of the comments that the version `before` cites."""
    return list(before.citations.values_list("comment", flat=True)) if before else []


def _side(
    post: Post,
    stance: Stance,
    live: list[Stance],
    cited: list[int],
    data: Any,
    typed: QueryDict | None,
) -> FormSide:
    """Return the form for `stance`, with the ticked comments offered before the strongest."""
    initial: dict[str, Any] = {"cited": cited}
    if typed is not None:
        named = typed.get(f"{stance.key}-named", "")
        initial = {"cited": typed.getlist(f"{stance.key}-cited"), "named": named}
    form = SideForm(data, prefix=stance.key, initial=initial, auto_id="closing-%s")
    ticked = citing.citable(post).filter(stance=stance, pk__in=form.ticked[:TICKED_MOST])
    offered = dict.fromkeys([*ticked, *citing.strongest(post, stance)])
    return FormSide(stance, stance in live, list(offered), form)


def _citation_errors(side: FormSide, found: dict[int, Comment]) -> Iterator[str]:
    """Yield an error for each comment chosen for `side` that is not in `found` or argues otherwise.

    `found` maps the ids of citable comments under the post to the comments.
    """
    for pk in side.form.chosen:
        if pk not in found:
            yield _(
                "There is no comment %(number)d with an answer under this article. Check the "
                "number."
            ) % {"number": pk}
        elif found[pk].stance != side.stance:
            answers = {
                "who": found[pk].author.display_name,
                "word": found[pk].stance,
                "own": side.stance,
            }
            yield _("The comment by %(who)s argues for %(word)s, not for %(own)s.") % answers
