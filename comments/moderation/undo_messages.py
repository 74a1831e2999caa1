"""Offer to undo a decision in the message that says it was made.

A message is stored in the session as text with tags, so the form that undoes the decision stands in
the tags: its address, and its hidden fields as a query.
"""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest

from ..models.moderation import Decision
from . import sentences
from .cases import with_undo

_MARK = "undo "


class UndoForm(NamedTuple):
    """A form that undoes a decision: its address, and its hidden fields as names and values."""

    url: str
    fields: list[tuple[str, str]]


def say(request: HttpRequest, decision: Decision) -> None:
    """Say on the next page that `decision` was made, and offer to undo it where one can."""
    offer = with_undo(decision)
    tags = f"{_MARK}{offer.url}?{urlencode(offer.fields)}" if offer.url else ""
    messages.success(request, sentences.decided(decision), extra_tags=tags)


def undo_form(tags: str | None) -> UndoForm | None:
    """Return the form in the `tags` of a message, None if they offer no undo."""
    if not tags or not tags.startswith(_MARK):
        return None
    url, _separator, query = tags.removeprefix(_MARK).partition("?")
    return UndoForm(url, parse_qsl(query))
