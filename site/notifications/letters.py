"""Newsletters: what writes the mail of an issue, and whether issues are paused.

An issue is something that each receiver gets once (`NotificationKind.is_issue`), such as an
article. It has a mail of its own, where others say that something has happened. An app registers
its newsletter by the type of target that its kinds are about:

    letters.register("post", Newsletter(write, is_paused))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from .kinds import Content, NotificationKind


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


@dataclass(frozen=True)
class Newsletter:
    """What writes the letter of an issue by its id, and whether all issues wait for now.

    `write` is called in the language of the mail, and returns None for an issue that is gone.
    """

    write: Callable[[int, LetterReason, LetterLinks], Letter | None]
    is_paused: Callable[[], bool]


_newsletters: dict[str, Newsletter] = {}


def register(target: str, newsletter: Newsletter) -> None:
    """Let `newsletter` write the issues about targets of the type `target`."""
    _newsletters[target] = newsletter


def newsletter_of(target: str) -> Newsletter | None:
    """Return the newsletter about targets of this type, if there is one."""
    return _newsletters.get(target)


def paused() -> list[str]:
    """Return the types of targets whose issues wait."""
    return [target for target, each in _newsletters.items() if each.is_paused()]
