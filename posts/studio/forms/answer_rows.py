"""Arrange the answers of a question: which rows the form has, their order, and what its buttons do.

The form names its rows in the field `row`, a number for each, in their order on the page. So a
script has nothing to do but to move them, and without one each button sends the form.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from publication.answers import answer_sets

from ...actions import StanceInput
from ...actions.questions import STANCES_MAX, STANCES_MIN
from ...models import Stance, StanceColour, StanceShape

# Rows that a form can name: one digit. More than `STANCES_MAX` are shown again with a sentence.
_NUMBERS = "0123456789"
_FIELDS = ("word", "meaning", "shape", "colour", "key")
# The prefix of the fields that hold the rows which a set has replaced, for "Undo".
REPLACED = "replaced-"
# The set without any words.
BLANK = "blank"


@dataclass(frozen=True)
class AnswerRow:
    """Hold the content of a row as it is stored or as it was sent, `number` being its name."""

    number: int
    word: str = ""
    meaning: str = ""
    shape: str = ""
    colour: str = ""
    key: str = ""
    is_open: bool = False

    @property
    def name(self) -> str:
        """Return the word of the answer, or what to call an answer without one."""
        return self.word.strip() or _("New answer")


@dataclass(frozen=True)
class Arrangement:
    """Hold the rows after a button was pressed, a sentence on what it did, and what gets the focus.

    `focus` is the number of a row, "answers" for their heading, "preset" for the chosen set, or "".
    `replaced` are the rows with words that a set took the place of.
    """

    rows: list[AnswerRow]
    said: str = ""
    focus: str = ""
    replaced: tuple[AnswerRow, ...] = ()


def rows_of(answers: Iterable[Any]) -> list[AnswerRow]:
    """Return a row for each of `answers`: `Stance`s keep their keys, others have none yet."""
    return [
        AnswerRow(
            number,
            each.word,
            each.meaning,
            each.shape,
            each.colour,
            each.key if isinstance(each, Stance) else "",
        )
        for number, each in enumerate(answers)
    ]


def rows_sent(data: Any, prefix: str = "") -> list[AnswerRow]:
    """Return the rows of a sent form, in the order in which it names them.

    A form that names none is of a page from before rows had names: it has them all. With the
    `prefix` REPLACED, the rows that a set has replaced.
    """
    names_sent = data.getlist(f"{prefix}row") or [*_NUMBERS]
    named = [n for n in names_sent if n in [*_NUMBERS] and f"{prefix}stance-{n}-word" in data]
    opened = data.getlist("open")
    return [
        AnswerRow(
            int(number),
            **{name: data.get(f"{prefix}stance-{number}-{name}", "") for name in _FIELDS},
            is_open=number in opened,
        )
        for number in dict.fromkeys(named)
    ]


def replaced_fields(rows: Iterable[AnswerRow]) -> list[tuple[str, str]]:
    """Return the hidden fields, by name, from which `rows` that a set replaced come back."""
    return [
        field
        for row in rows
        for field in (
            (f"{REPLACED}row", str(row.number)),
            *((f"{REPLACED}stance-{row.number}-{name}", getattr(row, name)) for name in _FIELDS),
        )
    ]


def arranged(
    rows: list[AnswerRow],
    act: str,
    saved: Sequence[Stance] = (),
    replaced: Sequence[AnswerRow] = (),
) -> Arrangement:
    """Return `rows` after the button `act` was pressed, unchanged by an unknown one.

    `saved` are the stances of the question: an answer of a set that has the word of one is that.
    `replaced` are the rows before the last set, which "undo" brings back.
    """
    name, _dash, what = act.partition("-")
    at = next((place for place, row in enumerate(rows) if str(row.number) == what), None)
    if name == "add" and len(rows) < STANCES_MAX:
        return _with_new(rows)
    if name == "preset" and what in (BLANK, *answer_sets()):
        return replace(_from_set(what, saved), replaced=_worth_keeping(rows))
    if name == "undo" and replaced:
        return Arrangement([*replaced], _("Your answers are back."), "answers")
    if at is None:
        return Arrangement(rows)
    if name == "remove":
        return _without(rows, at)
    if name in ("up", "down"):
        return _moved(rows, at, at + (1 if name == "down" else -1))
    return Arrangement(rows)


def _worth_keeping(rows: list[AnswerRow]) -> tuple[AnswerRow, ...]:
    """Return `rows`, if one has words and no set would bring them back."""
    typed = any(row.word.strip() or row.meaning.strip() for row in rows)
    return tuple(rows) if typed and not _is_set(rows) else ()


def _is_set(rows: list[AnswerRow]) -> bool:
    """Return whether the rows are those of a set, untouched."""
    now = [(row.word, row.meaning, row.shape, row.colour) for row in rows]
    return any(
        now == [(each.word, each.meaning, each.shape, each.colour) for each in answers]
        for answers in answer_sets().values()
    )


def _with_new(rows: list[AnswerRow]) -> Arrangement:
    new = _blank(rows)
    said = _("Answer %(place)d is added. Write its word.") % {"place": len(rows) + 1}
    return Arrangement([*rows, new], said, str(new.number))


def _blank(rows: Sequence[AnswerRow]) -> AnswerRow:
    """Return an empty row with the first number, shape and colour that no row of `rows` has."""
    return AnswerRow(
        number=_free(range(len(_NUMBERS)), [row.number for row in rows]),
        shape=_free(StanceShape.values, [row.shape for row in rows]),
        colour=_free(StanceColour.values, [row.colour for row in rows]),
        is_open=True,
    )


def _free(values: Iterable[Any], taken: Sequence[Any]) -> Any:
    return next(value for value in values if value not in taken)


def _without(rows: list[AnswerRow], at: int) -> Arrangement:
    said = _("“%(word)s” is removed.") % {"word": rows[at].name}
    return Arrangement([*rows[:at], *rows[at + 1 :]], said, "answers")


def _moved(rows: list[AnswerRow], at: int, to: int) -> Arrangement:
    if not 0 <= to < len(rows):
        return Arrangement(rows)
    order = [*rows]
    order.insert(to, order.pop(at))
    said = _("“%(word)s” is now %(place)d of %(count)d.") % {
        "word": rows[at].name,
        "place": to + 1,
        "count": len(rows),
    }
    return Arrangement(order, said)


def _from_set(name: str, saved: Sequence[Stance]) -> Arrangement:
    rows: list[AnswerRow] = []
    if name == BLANK:
        for _number in range(STANCES_MIN):
            rows.append(_blank(rows))
        return Arrangement(rows, _("Two empty answers. Write their words."), str(rows[0].number))
    keys = {stance.word.casefold(): stance.key for stance in saved}
    given = rows_of(answer_sets()[name])
    rows = [replace(row, key=keys.get(row.word.casefold(), "")) for row in given]
    return Arrangement(rows, _("These answers take the place of the others."), "preset")


def preset_of(rows: Sequence[AnswerRow]) -> str:
    """Return the name of the set whose words the `rows` have, or ""."""
    words = {row.word.casefold() for row in rows}
    sets = answer_sets().items()
    found = (name for name, answers in sets if {each.word.casefold() for each in answers} == words)
    return next(found, "")


def to_choose_from() -> list[dict[str, str]]:
    """Return the sets of answers to begin with: `name`, `words`, and what each is for."""
    purposes = {
        "own": _("what this site asks"),
        "comparison": _("for two things"),
        "yes_or_no": _("for a plain question"),
        "agreement": _("for a claim"),
    }
    found = [
        {"name": name, "words": ", ".join(each.word for each in answers), "purpose": purposes[name]}
        for name, answers in answer_sets().items()
    ]
    return [*found, {"name": BLANK, "words": _("Your own"), "purpose": _("from empty rows")}]


def inputs_of(rows: Iterable[AnswerRow]) -> list[StanceInput]:
    """Return what readers would see of `rows`: those with a word."""
    return [
        StanceInput(row.key, row.word, row.shape, row.colour, row.meaning)
        for row in rows
        if row.word.strip()
    ]
