"""The sentences of the page about one comment that say where its thread stands, and why there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import grouped

from ..ranking.first_screen import Why
from ..ranking.order_cache import LONGEST
from .words import words_of

# The reasons that are stored as the strongest thread of an answer.
OF_ANSWER = frozenset({Why.STRONGEST, Why.CASE, Why.BALANCE, Why.SIDE})


class PlaceTold(NamedTuple):
    """The place of a thread: its number of `threads` in an order, and why it is there.

    `why` is None from the place `first_others` on, where the figure across answers decides.
    """

    number: int
    threads: int
    order: str
    why: Why | None
    first_others: int


class AnswerOfPlace(NamedTuple):
    """The answer that a thread stands for: its word, and its number in the question."""

    word: str
    number: int


def often(times: str) -> str:
    """Say how often, by a multiple of the usual with one decimal."""
    if times == "1.0":
        return _("about as often as usual")
    return _("about %(times)s times as often as usual") % {"times": times}


def place(told: PlaceTold, stance: AnswerOfPlace | None = None) -> str:
    """Say which place a thread has in an order, and why this one; `stance` is what it stands for.

    Without `stance` no answer is named.
    """
    return _("It is %(among)s in the order “%(order)s”, because %(because)s.") % {
        "among": _among(told),
        "order": told.order,
        "because": _because(told, stance),
    }


def _among(told: PlaceTold) -> str:
    """Return the number of a thread, of how many; of `LONGEST` there may be more."""
    sentence = (
        ngettext(
            "number %(number)s of %(threads)s thread",
            "number %(number)s of %(threads)s threads",
            told.threads,
        )
        if told.threads < LONGEST
        else _("number %(number)s of the first %(threads)s threads")
    )
    return sentence % {"number": grouped(told.number), "threads": grouped(told.threads)}


def _because(told: PlaceTold, stance: AnswerOfPlace | None) -> str:
    if told.why is None:
        return _(
            "from number %(first)s on threads follow by how often readers of all answers marked "
            "them, compared with how often these readers mark anything"
        ) % {"first": grouped(told.first_others)}
    if told.why not in OF_ANSWER:
        return _BECAUSE[told.why]()
    if stance is None:
        return _("each answer has one thread at the top")
    if told.number > len(_ORDINALS):
        return _("each answer has one thread at the top, and this is the one for %(word)s") % {
            "word": stance.word
        }
    said = {"word": stance.word, "nth": _ORDINALS[told.number - 1]()}
    if stance.number == told.number:
        return (
            _(
                "each answer has one thread at the top, and %(word)s is the %(nth)s answer of the "
                "question"
            )
            % said
        )
    return (
        _(
            "each answer has one thread at the top, and %(word)s is the %(nth)s answer that has a "
            "thread"
        )
        % said
    )


_ORDINALS: Sequence[Callable[[], str]] = (
    lambda: _("first"),
    lambda: _("second"),
    lambda: _("third"),
    lambda: _("fourth"),
    lambda: _("fifth"),
)

_BECAUSE: Mapping[Why, Callable[[], str]] = {
    Why.BRIDGE: lambda: _("it does best across answers, of all threads but those above it"),
    Why.SERVES: lambda: _("readers who marked none of the threads above marked this one"),
    Why.UNHEARD: lambda: _("this place is chosen at random"),
}


def chosen(why: Why | None, word: str, times: str = "") -> str:
    """Say why this thread has a place among the first; `word` is that of the answer it stands for.

    `times` is the multiple of the readers who give this answer, empty where it is not told. Empty
    where the figure across answers decides.
    """
    if times and why in _CHOSEN_BY_FIGURE:
        return _CHOSEN_BY_FIGURE[why]() % {"word": word, "often": often(times)}
    return _CHOSEN[why]() % {"word": word} if why in _CHOSEN else ""


_CHOSEN: Mapping[Why | None, Callable[[], str]] = {
    Why.STRONGEST: lambda: _(
        "Of the threads for %(word)s, readers who answer %(word)s find none better argued."
    ),
    Why.CASE: lambda: _(
        "Of the threads for %(word)s, readers who answer %(word)s find none better argued. They "
        "are too few yet to call it the strongest case."
    ),
    Why.BALANCE: lambda: _(
        "Of readers who answer %(word)s, nobody who counts has marked a thread for %(word)s yet."
    ),
    Why.SERVES: lambda: _("They are a fifth or more of all who marked anything here."),
    Why.UNHEARD: lambda: _(
        "So new threads are read too: those that few have read have better chances."
    ),
}

_CHOSEN_BY_FIGURE: Mapping[Why | None, Callable[[], str]] = {
    Why.STRONGEST: lambda: _(
        "Of the threads for %(word)s, this is the one that readers who answer %(word)s marked "
        "most: %(often)s."
    ),
    Why.CASE: lambda: _(
        "Of the threads for %(word)s, this is the one that readers who answer %(word)s marked "
        "most: %(often)s. They are too few yet to call it the strongest case."
    ),
}


def despite(why: Why | None, word: str) -> str:
    """Say what decides a place where a comment is marked less than usual across answers.

    Empty where that figure decides; `why` is None for such a place.
    """
    if why in OF_ANSWER:
        return _("That is less than usual, but readers who answer %(word)s decide this place.") % {
            "word": word
        }
    if why == Why.SERVES:
        return _("That is less than usual, but it does not decide this place.")
    if why == Why.UNHEARD:
        return _("That is less than usual, but this place is chosen at random.")
    return ""


def place_of_reply() -> str:
    """Say where a reply stands."""
    return _(
        "It is a reply. Replies stand below the comment they answer, in the order in which they "
        "came; marks do not move them."
    )


def place_after_last() -> str:
    """Say where a thread stands that arrived after the last ranking, or after all ranked ones."""
    return _("It is not among the ranked threads, so it stands after them.")


def place_in_time() -> str:
    """Say how threads stand that are not ranked."""
    return _("Comments are in the order in which they came.")


def rule(why: Why | None, stances: Sequence[Any]) -> str:
    """Say what decides the places of a part of an order; `stances` are those it stands for."""
    if why in OF_ANSWER:
        return _(
            "One thread for each answer, in the order of the question: %(words)s. It is the one "
            "that the answer’s own readers marked most, compared with how often they mark."
        ) % {"words": words_of(stances)}
    if why is None:
        return _("All others. The figure across answers decides.")
    return _RULES[why]()


_RULES: Mapping[Why, Callable[[], str]] = {
    Why.SERVES: lambda: _("For readers who marked none of the threads before."),
    Why.BRIDGE: lambda: _("Of the rest, the one with the highest figure across answers."),
    Why.UNHEARD: lambda: _("Chosen at random. Threads that few have read have better chances."),
}
