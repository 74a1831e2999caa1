"""Drawing what the page of a post says of its closing, right above the discussion."""

from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.templating.slots import SlotTemplate

from ..ranking import constants
from ..rendering.context import DiscussionContext
from .page import edit_url
from .summary import Summary
from .words import status_words

# All the looks there are, in a few languages.
LOOKS = 50
_WORDS = ("beginning", "status", "url", "edit_url")


class ClosingVariant(NamedTuple):
    """All that decides about its shape: `state` is empty where the reader may not know it."""

    is_written: bool
    state: str
    may_edit: bool


def draw_summary(shown: DiscussionContext) -> SafeString | str:
    """Return how the authors sum `shown` up as HTML; they themselves see where they can.

    Nothing for others while nothing is written. Who may not see where readers stand does not see
    how they judge, either.
    """
    post = shown.post
    summary = Summary.parse(post.closing)
    edits = edit_url(shown.request.user, post) or ""
    if summary is None:
        if not edits or not _can_begin(shown):
            return ""
        return _skeleton(ClosingVariant(False, "", True), get_language()).fill({"edit_url": edits})
    outcome = summary.outcome
    stances = {stance.pk: stance for stance in post.question.stances.all()}
    look = ClosingVariant(True, outcome.status if shown.shows_totals else "", bool(edits))
    return _skeleton(look, get_language()).fill(
        {
            "beginning": summary.beginning,
            "status": status_words(outcome, stances) if look.state else "",
            "url": reverse("comments:closing", args=[post.slug]),
            "edit_url": edits,
        }
    )


def _can_begin(shown: DiscussionContext) -> bool:
    question = shown.post.question
    enough = any(tally.count >= constants.LIVE_READERS for tally in shown.totals.tallies)
    return enough and question.shows_totals_to_all


@lru_cache(maxsize=LOOKS)
def _skeleton(look: ClosingVariant, language: str) -> SlotTemplate:
    return SlotTemplate("comments/closing/_summary.html", {"look": look}, _WORDS)
