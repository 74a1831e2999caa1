"""Say which answers a new question begins with: a shipped set, or those of the publication.

`default_answers` is the one place that gives them, to the studio and to articles brought in.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.characters import is_blank, is_visible

# Answers of a question: one is no choice, and six do not fit beside each other.
ANSWERS_MIN, ANSWERS_MAX = 2, 5
# Characters of the word of an answer, of its meaning and of its key: the widths of the columns.
WORD_MAX, MEANING_MAX, KEY_MAX = 30, 120, 32
# In the order in which answers without a look of their own get them.
_SHAPES = ("apart", "within", "crossing", "touching", "open")
_COLOURS = ("blue", "orange", "green", "plum", "slate")
_BETWEEN = re.compile(r"[;；\n]")


@dataclass(frozen=True)
class Answer:
    """Hold an answer that a question begins with; the order of a list of these is the order shown.

    `shape` and `colour` are values of `posts.models.StanceShape` and `StanceColour`.
    """

    key: str
    word: str
    shape: str
    colour: str
    meaning: str = ""


class OwnAnswer(TypedDict):
    """An answer of the publication, as it is stored."""

    word: str
    meaning: str


class AnswerSet(models.TextChoices):
    """The sets of answers to choose from."""

    COMPARISON = "comparison", gettext_lazy("Different, same, overlap: for comparing two things")
    YES_OR_NO = "yes_or_no", gettext_lazy("Yes, no, it depends: for something one can do or not")
    AGREEMENT = "agreement", gettext_lazy("Agree, partly, disagree: for a claim")
    OWN = "own", gettext_lazy("Answers of your own")


def default_answers() -> list[Answer]:
    """Return the answers with which a new question of this site begins."""
    from .current import current

    profile = current()
    if profile.answers == AnswerSet.OWN:
        return made_of(profile.own_answers)
    return _shipped()[profile.answers]


def answer_sets() -> dict[str, list[Answer]]:
    """Return the sets of answers that an author can begin with, by the values of `AnswerSet`.

    The publication's own are the first, where it has some.
    """
    from .current import current

    own = current().own_answers
    return ({AnswerSet.OWN.value: made_of(own)} if own else {}) | _shipped()


def made_of(answers: Sequence[OwnAnswer]) -> list[Answer]:
    """Return `answers` with keys made from their words, and shapes and colours by their order."""
    made: list[Answer] = []
    for answer, shape, colour in zip(answers, _SHAPES, _COLOURS, strict=False):
        key = new_key(answer["word"], {other.key for other in made})
        made.append(Answer(key, answer["word"], shape, colour, answer["meaning"]))
    return made


def read_answers(text: str) -> list[OwnAnswer]:
    """Return the answers in `text`: a line each, or between semicolons, as “Yes: worth it; No”.

    Raises ValidationError, which says what is wrong.
    """
    rows = (row.replace("：", ":").partition(":") for row in _BETWEEN.split(text) if row.strip())
    answers: list[OwnAnswer] = [
        {"word": " ".join(word.split()), "meaning": " ".join(meaning.split())}
        for word, _colon, meaning in rows
    ]
    check_answers(answers)
    return answers


def check_answers(answers: Sequence[OwnAnswer]) -> None:
    """Raise ValidationError unless `answers` can be those of a question."""
    if not ANSWERS_MIN <= len(answers) <= ANSWERS_MAX:
        raise ValidationError(
            _("Give two to five answers, one a line or with semicolons between: “Yes: why; No”.")
        )
    for answer in answers:
        _check_answer(answer)
    if len({as_seen(answer["word"]) for answer in answers}) < len(answers):
        raise ValidationError(_("Two of the answers have the same word. Give each its own."))


def as_seen(word: str) -> str:
    """Return `word` in small letters without what nobody sees: equal ones are one answer."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(
        each for each in folded if unicodedata.category(each) != "Cf" and not is_blank(each)
    )


def _check_answer(answer: OwnAnswer) -> None:
    word, meaning = answer["word"], answer["meaning"]
    if not any(map(is_visible, word)):
        sentence = _("The answer “: %(meaning)s” has no word before its colon. Write one.")
        raise ValidationError(sentence % {"meaning": meaning})
    if len(word) > WORD_MAX:
        sentence = _(
            "The answer “%(word)s” is longer than %(limit)d characters. Write a short word, and "
            "what it means after a colon."
        )
        raise ValidationError(sentence % {"word": word, "limit": WORD_MAX})
    if len(meaning) > MEANING_MAX:
        sentence = _("The meaning of “%(word)s” is longer than %(limit)d characters. Shorten it.")
        raise ValidationError(sentence % {"word": word, "limit": MEANING_MAX})


def write_answers(answers: Sequence[OwnAnswer]) -> str:
    """Return `answers` as `read_answers` reads them, a line each."""
    return "\n".join(
        f"{answer['word']}: {answer['meaning']}" if answer["meaning"] else answer["word"]
        for answer in answers
    )


def _shipped() -> dict[str, list[Answer]]:
    """Return the shipped sets, in the language of the page being made."""
    return {
        AnswerSet.COMPARISON.value: [
            Answer("different", _("Different"), "apart", "blue", _("They are two things.")),
            Answer("same", _("Same"), "within", "orange", _("They are one thing.")),
            Answer("overlap", _("Overlap"), "crossing", "green", _("They share some ground.")),
        ],
        AnswerSet.YES_OR_NO.value: [
            Answer("yes", _("Yes"), "within", "blue"),
            Answer("no", _("No"), "apart", "orange"),
            Answer("depends", _("It depends"), "crossing", "green", _("Say on what.")),
        ],
        AnswerSet.AGREEMENT.value: [
            Answer("agree", _("Agree"), "within", "blue"),
            Answer("partly", _("Partly"), "crossing", "green", _("Some of it holds.")),
            Answer("disagree", _("Disagree"), "apart", "orange"),
        ],
    }


def new_key(word: str, taken: set[str]) -> str:
    """Return a key made from `word` that is not in `taken`."""
    stem = slugify(word)[:KEY_MAX].strip("-") or "answer"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem[: KEY_MAX - len(str(number)) - 1]}-{number}"
    return key
