"""The box above a discussion that shows how its closing begins, as HTML."""

from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.templating.slots import SlotTemplate

from .. import sentences
from ..ranking import constants
from ..rendering.context import DiscussionContext
from .page import edit_url
from .summary import Summary

# Templates kept: every variant (at most 9) in a few languages.
TEMPLATES_KEPT = 50
_SLOTS = ("beginning", "status", "url", "edit_url")


class ClosingVariant(NamedTuple):
    """All that decides about the shape of the box; `state` is "" if the reader may not see it."""

    is_written: bool
    state: str
    may_edit: bool


def render_summary(shown: DiscussionContext) -> SafeString | str:
    """Return the box with the closing of the discussion `shown`, as HTML, or "".

    Without a closing it is "", except for authors who can begin one: they get a link. Where nothing
    is said by answer, neither is the status of the closing.
    """
    post = shown.post
    summary = Summary.parse(post.closing)
    edits = edit_url(shown.request.user, post) or ""
    if summary is None:
        if not edits or not _can_begin(shown):
            return ""
        return _template(ClosingVariant(False, "", True), get_language()).fill({"edit_url": edits})
    outcome = summary.outcome
    stances = {stance.pk: stance for stance in post.question.stances.all()}
    variant = ClosingVariant(True, outcome.status if shown.shows_sides else "", bool(edits))
    return _template(variant, get_language()).fill(
        {
            "beginning": summary.beginning,
            "status": sentences.closing_status(outcome, stances) if variant.state else "",
            "url": reverse("comments:closing", args=[post.slug]),
            "edit_url": edits,
        }
    )


def _can_begin(shown: DiscussionContext) -> bool:
    """Return whether an answer has enough readers and the totals are public."""
    question = shown.post.question
    enough = any(tally.count >= constants.LIVE_READERS for tally in shown.totals.tallies)
    return enough and question.shows_totals_to_all


@lru_cache(maxsize=TEMPLATES_KEPT)
def _template(variant: ClosingVariant, language: str) -> SlotTemplate:
    return SlotTemplate("comments/closing/_summary.html", {"variant": variant}, _SLOTS)
