"""Define the form of the closing question and its answers; it works without scripts."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import limits
from core.forms import NumberField, SafeLineField
from core.timestamps import in_present_zone
from publication.answers import KEY_MAX, MEANING_MAX, WORD_MAX, as_seen, new_key

from ...actions import StanceInput, default_stances
from ...actions.questions import STANCES_MAX, STANCES_MIN, RevealRule, is_in_use, reveals_left
from ...models import Post, Question, SealedAnswer, Stance, StanceColour, StanceShape
from .answer_rows import (
    REPLACED,
    AnswerRow,
    Arrangement,
    arranged,
    inputs_of,
    preset_of,
    replaced_fields,
    rows_of,
    rows_sent,
    to_choose_from,
)
from .base import UNPROCESSABLE, StudioForm
from .post import MINUTE_FORMAT


class RevealSelect(forms.RadioSelect):
    """Choose when readers see the totals; what is not `possible` is shown and disabled."""

    possible: Collection[str] = Question.Reveal.values

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the option as its template needs it."""
        option = super().create_option(*args, **kwargs)
        option["attrs"]["disabled"] = option["value"] not in self.possible
        return option


class QuestionForm(StudioForm):
    """Edit the question's text and the time when its totals are shown.

    `based_on` is the number of the wording the author started from.
    """

    based_on = NumberField(required=False, widget=forms.HiddenInput)
    text = SafeLineField(
        label=_("The question"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please write the question.")},
    )
    reveal = forms.ChoiceField(
        label=_("When do readers see where others stand?"),
        choices=[
            (Question.Reveal.ALWAYS, _("Always")),
            (Question.Reveal.AFTER_ANSWER, _("Once they have answered")),
            (Question.Reveal.AFTER_CLOSE, _("From a date on")),
        ],
        required=False,
        widget=RevealSelect,
        help_text=_(
            "Hiding totals avoids bandwagons. Each comment still shows its writer’s answer."
        ),
    )
    closes_at = forms.DateTimeField(
        label=in_present_zone(_("From when does everybody see where others stand? ({zone})")),
        required=False,
        input_formats=[MINUTE_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE_FORMAT),
        error_messages={"invalid": _("Please write a date and a time, like 2030-01-31T09:00.")},
    )

    def clean(self) -> None:
        """Leave out the time where totals always show: the page hides its field then."""
        super().clean()
        if self.cleaned_data.get("reveal") == Question.Reveal.ALWAYS:
            self.errors.pop("closes_at", None)
            self.cleaned_data["closes_at"] = None


class StanceForm(forms.Form):
    """Edit one answer. A row without a word and a meaning is ignored."""

    key = forms.CharField(required=False, max_length=KEY_MAX, widget=forms.HiddenInput)
    word = SafeLineField(label=_("Word"), max_length=WORD_MAX, required=False)
    meaning = SafeLineField(
        label=_("What it means, in one line"), max_length=MEANING_MAX, required=False
    )
    shape = forms.ChoiceField(
        label=_("Shape"), choices=StanceShape.choices, widget=forms.RadioSelect
    )
    colour = forms.ChoiceField(
        label=_("Colour"), choices=StanceColour.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, row: AnswerRow, stance: Stance | None = None) -> None:
        super().__init__(data, prefix=f"stance-{row.number}", initial=vars(row))
        # The answer as the page shows it, and the saved one, which says whether it can be left out.
        self.row, self.stance = row, stance

    def take_focus(self) -> None:
        """Let the page put the focus into the word of this row."""
        self.fields["word"].widget.attrs["data-focus"] = True

    @property
    def is_empty(self) -> bool:
        """Return whether the row has neither a word nor a meaning."""
        return not (self.row.word.strip() or self.row.meaning.strip())

    @property
    def is_open(self) -> bool:
        """Return whether the row shows its fields: opened, without a word, or with an error."""
        return self.row.is_open or not self.row.word.strip() or bool(self.errors)

    def clean(self) -> None:
        """Require a word where there is a meaning."""
        super().clean()
        if not self.is_empty and not self.cleaned_data.get("word") and "word" not in self.errors:
            self.add_error("word", _("This answer needs a word."))


class QuestionSheet:
    """Combine the form of the question with a row per answer, filled from `post` or sent `data`.

    With `act`, a button of the form that saves nothing, the rows are arranged as it says, and
    nothing is checked.
    """

    def __init__(self, post: Post, data: Any = None, act: str = "") -> None:
        self.question = post.question_or_none
        self.saved = list(self.question.stances.all()) if self.question else []
        rows = self._first_rows() if data is None else rows_sent(data)
        self.arrangement = (
            arranged(rows, act, self._offered, rows_sent(data, REPLACED))
            if act
            else Arrangement(rows)
        )
        checked = None if act else data
        self.form = QuestionForm(checked, initial=self._initial() | (data.dict() if act else {}))
        self.rows = [self._row(row, checked) for row in self.arrangement.rows]
        for form in self.rows:
            if str(form.row.number) == self.arrangement.focus:
                form.take_focus()
        self.is_typed = data is not None

    @property
    def version(self) -> int:
        """Return the number of the saved wording, 0 without one."""
        return self.question.version.number if self.question and self.question.version else 0

    @cached_property
    def used(self) -> set[str]:
        """Return the keys of the answers that readers have given, which have to stay."""
        return {stance.key for stance in self.saved if is_in_use(stance)}

    @property
    def answer_count(self) -> int:
        """Return the number of readers with an answer."""
        return sum(stance.answer_count for stance in self.saved)

    @property
    def shows_counts(self) -> bool:
        """Return whether each answer has the number of its readers beside it.

        Authors see no more than the article's page tells everybody.
        """
        is_shown = self.question is not None and self.question.shows_totals_to_all
        return is_shown and self.answer_count >= limits.TOTALS_DOTS_FROM

    @property
    def is_settled(self) -> bool:
        """Return whether nothing is left to choose about when readers see the totals."""
        return len(self._reveals_left) == 1

    def sealed_by(self, author: User) -> SealedAnswer | None:
        """Return the sealed answer of `author` to the saved question, open by now or not."""
        sealed = self.question.sealed_answers if self.question else SealedAnswer.objects.none()
        return sealed.filter(author=author, withdrawn_at__isnull=True).first()

    def disable_reveals(self) -> None:
        """Disable each time to show the totals that is no longer possible, and choose none."""
        widget = self.form.fields["reveal"].widget
        assert isinstance(widget, RevealSelect)
        widget.possible = self._reveals_left
        shown = self.form.data if self.form.is_bound else self.form.initial
        if self.question is None or shown.get("reveal") in widget.possible:
            return
        if self.form.is_bound:
            self.form.fill_again("reveal", self.question.reveal)
        else:
            self.form.initial["reveal"] = self.question.reveal

    @property
    def shown(self) -> list[StanceInput]:
        """Return the answers as readers would see them, before they are saved."""
        return inputs_of(self.arrangement.rows)

    @property
    def presets(self) -> list[dict[str, str]]:
        """Return the sets of answers to begin with, as `to_choose_from` does."""
        return to_choose_from()

    @property
    def preset(self) -> str:
        """Return the name of the set that the rows have the words of, or ""."""
        return preset_of(self.arrangement.rows)

    @property
    def replaced(self) -> list[tuple[str, str]]:
        """Return the hidden fields that "Undo" sends after a set replaced answers, by name."""
        return replaced_fields(self.arrangement.replaced)

    @property
    def may_add(self) -> bool:
        """Return whether there is room for another answer."""
        return len(self.rows) < STANCES_MAX

    @property
    def status(self) -> int:
        """Return the HTTP status of the page that shows the sheet."""
        if self.form.status != 200:
            return self.form.status
        has_errors = self.form.is_bound and any(row.errors for row in self._filled)
        return UNPROCESSABLE if has_errors else 200

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Return the errors of all forms, as (HTML id of the field or "", sentence)."""
        forms_shown: list[Any] = [self.form, *(self._filled if self.form.is_bound else [])]
        return [
            (form[name].auto_id if name in form.fields else "", str(message))
            for form in forms_shown
            for name, messages in form.errors.items()
            for message in messages
        ]

    def is_valid(self) -> bool:
        """Return whether all forms are valid and no two answers share a word, shape or colour."""
        valid = self.form.is_valid() and not any(row.errors for row in self._filled)
        if valid:
            self._check_number()
            for name in ("word", "shape", "colour"):
                self._check_distinct(name)
        return self.status == 200

    def stances(self) -> list[StanceInput]:
        """Return the answers in the author's order; the key of a new one is made from its word."""
        taken = {row.cleaned_data["key"] for row in self._filled if self._saved_as(row)}
        found = []
        for row in self._filled:
            data = row.cleaned_data
            key = data["key"] if self._saved_as(row) else new_key(data["word"], taken)
            taken.add(key)
            found.append(
                StanceInput(key, data["word"], data["shape"], data["colour"], data["meaning"])
            )
        return found

    def changes_to(self, question: Question) -> list[str]:
        """Return what a saved `question` has that is new beside its wording, in words.

        The sheet was loaded before it was saved.
        """
        now = list(question.stances.filter(is_offered=True))
        looks_before, looks = (
            {each.key: (each.shape, each.colour) for each in stances}
            for stances in (self._offered, now)
        )
        reveal_before = self.question and (self.question.reveal, self.question.closes_at)
        found = {
            _("the order of the answers"): [*looks_before] != [*looks],
            _("how the answers look"): looks_before != looks,
            _("when readers see where others stand"): reveal_before
            != (question.reveal, question.closes_at),
        }
        return [str(what) for what, is_new in found.items() if is_new]

    def reveal_rule(self) -> RevealRule | None:
        """Return when readers see the totals, None if that was not sent."""
        data = self.form.cleaned_data
        return RevealRule(data["reveal"], data["closes_at"]) if data["reveal"] else None

    def take_as_newest(self) -> None:
        """Set `based_on` to the saved wording, so that saving again is no conflict."""
        self.form.fill_again("based_on", str(self.version))

    @property
    def _filled(self) -> list[StanceForm]:
        return [row for row in self.rows if not row.is_empty]

    def _initial(self) -> dict[str, Any]:
        return {
            "text": str(self.question or ""),
            "based_on": self.version,
            "reveal": self.question.reveal if self.question else Question.Reveal.ALWAYS,
            "closes_at": self.question.closes_at if self.question else None,
        }

    def _row(self, row: AnswerRow, data: Any) -> StanceForm:
        return StanceForm(
            data, row, next((one for one in self._offered if one.key == row.key), None)
        )

    @property
    def _reveals_left(self) -> Collection[str]:
        return (
            reveals_left(self.question) if self.question and self.used else Question.Reveal.values
        )

    @property
    def _offered(self) -> list[Stance]:
        return [stance for stance in self.saved if stance.is_offered]

    def _first_rows(self) -> list[AnswerRow]:
        return rows_of(self._offered if self.question else default_stances())

    def _saved_as(self, row: StanceForm) -> bool:
        return any(stance.key == row.cleaned_data["key"] for stance in self.saved)

    def _check_number(self) -> None:
        if len(self._filled) < STANCES_MIN:
            self.form.refuse(_("A question needs at least two answers to choose from."))
        if len(self._filled) > STANCES_MAX:
            self.form.refuse(_("A question has five answers at most. Remove one."))

    def _check_distinct(self, name: str) -> None:
        sentence = {
            "word": _("Another answer has this word already."),
            "shape": _("Another answer has this shape already. Each needs its own."),
            "colour": _("Another answer has this colour already. Each needs its own."),
        }[name]
        seen: set[str] = set()
        for row in self._filled:
            value = as_seen(str(row.cleaned_data.get(name, "")))
            if value in seen:
                row.add_error(name, sentence)
            seen.add(value)
