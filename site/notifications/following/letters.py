"""Newsletters: what writes the mail of an issue.

An issue is something that each receiver gets once (`NotificationKind.is_article`). It has a mail of
its own, where others say that something has happened. An app registers what writes its issues by
the type of target that their kinds are about:

    letters.register("post", write)
"""

from collections.abc import Callable
from typing import NamedTuple

from ..kinds import Content, NotificationKind


class LetterReason(NamedTuple):
    """Why a receiver gets an issue: the kind, the subscription it is sent for, and its content."""

    kind: NotificationKind
    subscription: int
    content: Content


class LetterLinks(NamedTuple):
    """The whole addresses at the end of a letter.

    `stop` ends the subscription and `settings` shows all; `daily` is about getting it once a day
    instead, and empty for an address without an account.
    """

    stop: str
    settings: str
    daily: str = ""


class Letter(NamedTuple):
    """The subject, the text and the HTML of a mail."""

    subject: str
    text: str
    html: str


# Writes the letter of an issue by its id, in the active language; None for one that is gone.
Writer = Callable[[int, LetterReason, LetterLinks], Letter | None]

_writers: dict[str, Writer] = {}


def register(target: str, writer: Writer) -> None:
    """Let `writer` write the issues about targets of the type `target`."""
    _writers[target] = writer


def writer_of(target: str) -> Writer | None:
    """Return what writes the issues about targets of this type, if anything does."""
    return _writers.get(target)
