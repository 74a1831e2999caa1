"""The sentences of the page about one comment that say where its thread stands, and why there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import grouped

from ..ranking.first_screen import Why
from ..ranking.order_cache import LONGEST
from .words import words_of

# The reasons that are stored as the strongest thread of an answer.
OF_ANSWER = frozenset({Why.STRONGEST, Why.CASE, Why.BALANCE, Why.SIDE})


def often(times: str) -> str:
    """Say how often, by a multiple of the usual with one decimal."""
    if times == "1.0":
        return _("about as often as usual")
    return _("about %(times)s times as often as usual") % {"times": times}


def place(why: Why, word: str, times: str = "") -> str:
    """Say why a thread is among the first; `word` is that of the answer it stands for.

    `times` is the multiple of these readers, empty where it is not told.
    """
    if times and why in _PLACES_WITH_FIGURE:
        return _PLACES_WITH_FIGURE[why]() % {"word": word, "often": often(times)}
    return _PLACES[why]() % {"word": word}


_PLACES: Mapping[Why, Callable[[], str]] = {
    Why.STRONGEST: lambda: _(
        "Each answer has one thread at the top, and this is the one for %(word)s: readers who "
        "answer %(word)s find no other thread for %(word)s better argued."
    ),
    Why.CASE: lambda: _(
        "Each answer has one thread at the top, and this is the one for %(word)s: readers who "
        "answer %(word)s find no other thread for %(word)s better argued. They are too few yet "
        "to call it the strongest case."
    ),
    Why.BALANCE: lambda: _(
        "Each answer has one thread at the top, and this is the one for %(word)s. Of readers who "
        "answer %(word)s, nobody who counts has marked a thread for %(word)s yet."
    ),
    Why.SIDE: lambda: _("It is among the first because each answer has one thread at the top."),
    Why.BRIDGE: lambda: _(
        "After the threads chosen for their own readers, one place goes to the thread that does "
        "best across answers, and this is the one."
    ),
    Why.SERVES: lambda: _(
        "It is among the first for the readers who marked it and none of the threads before "
        "it. They are a fifth or more of all who marked anything here."
    ),
    Why.UNHEARD: lambda: _(
        "This place is drawn by lot, so that new threads are read too: those that few have read "
        "have better chances."
    ),
}

_PLACES_WITH_FIGURE: Mapping[Why, Callable[[], str]] = {
    Why.STRONGEST: lambda: _(
        "Each answer has one thread at the top, and this is the one for %(word)s: readers who "
        "answer %(word)s marked it %(often)s, and no other thread for %(word)s does better with "
        "them."
    ),
    Why.CASE: lambda: _(
        "Each answer has one thread at the top, and this is the one for %(word)s: readers who "
        "answer %(word)s marked it %(often)s, and no other thread for %(word)s does better with "
        "them. They are too few yet to call it the strongest case."
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
        return _("That is less than usual, but this place is drawn by lot.")
    return ""


def place_number(number: int, threads: int, order: str) -> str:
    """Say which of `threads` in `order` a thread is; of `LONGEST` there may be more."""
    sentence = (
        _("It is number %(number)s of %(threads)s threads in the order “%(order)s”.")
        if threads < LONGEST
        else _("It is number %(number)s of the first %(threads)s threads in the order “%(order)s”.")
    )
    return sentence % {"number": grouped(number), "threads": grouped(threads), "order": order}


def place_of_reply() -> str:
    """Say where a reply stands."""
    return _(
        "It is a reply. Replies stand below the comment they answer, in the order in which they "
        "came; marks do not move them."
    )


def place_after_first(first: int) -> str:
    """Say where a thread stands that is none of the `first`."""
    return _(
        "From number %(number)s on, threads follow by how often readers of all answers mark them, "
        "compared with what these readers usually mark."
    ) % {"number": grouped(first + 1)}


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
            "One thread for each answer, in the order of the question: %(words)s. The figure of "
            "that answer’s readers decides which."
        ) % {"words": words_of(stances)}
    if why is None:
        return _("All others. The figure across answers decides.")
    return _RULES[why]()


_RULES: Mapping[Why, Callable[[], str]] = {
    Why.SERVES: lambda: _("For readers who marked none of the threads before."),
    Why.BRIDGE: lambda: _("Of the rest, the one with the highest figure across answers."),
    Why.UNHEARD: lambda: _("Drawn by lot. Threads that few have read have better chances."),
}
