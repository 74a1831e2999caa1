"""Define the form of the closing question with up to five answers; it works without scripts."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, SafeLineField
from core.timestamps import in_present_zone

from ...actions import StanceInput, default_stances
from ...actions.questions import STANCES_MAX, STANCES_MIN, RevealRule
from ...models import Post, Question, Stance, StanceColour, StanceShape
from .base import UNPROCESSABLE, StudioForm
from .post import MINUTE_FORMAT

# Characters, the width of the column.
KEY_LENGTH = 32


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
        choices=Question.Reveal.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Readers who have not seen it answer for themselves. Once somebody has answered, you "
            "can only show it sooner. The comments below still carry their answers, so a reader "
            "who counts them learns something."
        ),
    )
    closes_at = forms.DateTimeField(
        label=in_present_zone(_("From when on does everybody see it? ({zone})")),
        required=False,
        input_formats=[MINUTE_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE_FORMAT),
        error_messages={"invalid": _("Please write a date and a time, like 2030-01-31T09:00.")},
    )


class StanceForm(forms.Form):
    """Edit one answer. A row without a word and a meaning is ignored."""

    key = forms.CharField(required=False, max_length=KEY_LENGTH, widget=forms.HiddenInput)
    place = forms.TypedChoiceField(
        label=_("Place"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, STANCES_MAX + 1)],
    )
    word = SafeLineField(label=_("Word"), max_length=30, required=False)
    meaning = SafeLineField(label=_("What it means, in one line"), max_length=120, required=False)
    shape = forms.ChoiceField(
        label=_("Shape"), choices=StanceShape.choices, widget=forms.RadioSelect
    )
    colour = forms.ChoiceField(
        label=_("Colour"), choices=StanceColour.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, stance: Stance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The saved answer, for the page to say whether it can be left out.
        self.stance = stance

    @property
    def is_empty(self) -> bool:
        """Return whether the row has neither a word nor a meaning."""
        sent = (self.data.get(self.add_prefix(name), "") for name in ("word", "meaning"))
        return not any(value.strip() for value in sent)

    def clean(self) -> None:
        """Require a word where there is a meaning."""
        super().clean()
        if not self.is_empty and not self.cleaned_data.get("word") and "word" not in self.errors:
            self.add_error("word", _("This answer needs a word."))


class QuestionSheet:
    """Combine the form of the question with a row per answer, filled from `post` or sent `data`."""

    def __init__(self, post: Post, data: Any = None) -> None:
        self.question = post.question_or_none
        self.saved = list(self.question.stances.all()) if self.question else []
        self.form = QuestionForm(data, initial=self._initial())
        self.rows = [self._row(number, data) for number in range(STANCES_MAX)]

    @property
    def version(self) -> int:
        """Return the number of the saved wording, 0 without one."""
        return self.question.version.number if self.question and self.question.version else 0

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
        for row in sorted(self._filled, key=lambda row: row.cleaned_data["place"]):
            data = row.cleaned_data
            key = data["key"] if self._saved_as(row) else _new_key(data["word"], taken)
            taken.add(key)
            found.append(
                StanceInput(key, data["word"], data["shape"], data["colour"], data["meaning"])
            )
        return found

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

    def _row(self, number: int, data: Any) -> StanceForm:
        initial = self._rows_initial()[number]
        key = data.get(f"stance-{number}-key", "") if data is not None else initial.get("key")
        stance = next((one for one in self.saved if one.key == key and one.is_offered), None)
        return StanceForm(data, prefix=f"stance-{number}", initial=initial, stance=stance)

    def _rows_initial(self) -> list[dict[str, Any]]:
        offered = [stance for stance in self.saved if stance.is_offered]
        source: list[Any] = offered or [*default_stances()] if not self.question else offered
        names = ("word", "meaning", "shape", "colour")
        filled = [{name: getattr(one, name) for name in names} for one in source[:STANCES_MAX]]
        for row, stance in zip(filled, offered, strict=False):
            row["key"] = stance.key
        free = zip(
            _unused("shape", StanceShape.values, filled),
            _unused("colour", StanceColour.values, filled),
            strict=False,
        )
        rows = filled + [{"shape": shape, "colour": colour} for shape, colour in free]
        return [{**row, "place": place} for place, row in enumerate(rows[:STANCES_MAX], start=1)]

    def _saved_as(self, row: StanceForm) -> bool:
        return any(stance.key == row.cleaned_data["key"] for stance in self.saved)

    def _check_number(self) -> None:
        if len(self._filled) < STANCES_MIN:
            self.form.refuse(_("A question needs at least two answers to choose from."))

    def _check_distinct(self, name: str) -> None:
        sentence = {
            "word": _("Another answer has this word already."),
            "shape": _("Another answer has this shape already. Each needs its own."),
            "colour": _("Another answer has this colour already. Each needs its own."),
        }[name]
        seen: set[str] = set()
        for row in self._filled:
            value = str(row.cleaned_data.get(name, "")).casefold()
            if value in seen:
                row.add_error(name, sentence)
            seen.add(value)


def _unused(name: str, values: list[str], rows: list[dict[str, Any]]) -> list[str]:
    return [value for value in values if value not in {row[name] for row in rows}]


def _new_key(word: str, taken: set[str]) -> str:
    """Return a key made from `word` that is not in `taken`."""
    stem = slugify(word)[:KEY_LENGTH].strip("-") or "answer"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem[: KEY_LENGTH - len(str(number)) - 1]}-{number}"
    return key
