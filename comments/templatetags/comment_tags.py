"""The seam to posts: a post page shows its question and its discussion through these tags."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core import limits
from core.caching import pages
from posts.models import Post, Question

from ..analytics.carryover import moves_of
from ..closings import page
from ..closings.rendering import render_summary
from ..rendering import discussion as rendering
from ..rendering.context import DiscussionContext
from ..rendering.totals import draw_totals

register = template.Library()


@register.simple_tag(takes_context=True)
def discussion(context: dict[str, Any], post: Post) -> SafeString:
    """Draw the page of the discussion of `post` that the address asks for."""
    request: HttpRequest = context["request"]
    shown = DiscussionContext.of(request, post)
    form = "" if post.question_or_none is not None else _composer(request, shown)
    drawn = rendering.draw_discussion(shown, form)
    if shown.deck.next_tally:
        pages.end(request, shown.deck.next_tally.timestamp())
    return drawn


@register.simple_tag
def comments_label(number: int) -> str:
    """Say how many comments a post has."""
    return rendering.comments_label(number)


@register.simple_tag(takes_context=True)
def answer_form(context: dict[str, Any], post: Post) -> SafeString | str:
    """Draw the form in which a reader answers, or why they cannot."""
    request: HttpRequest = context["request"]
    form = _composer(request, DiscussionContext.of(request, post))
    return form or render_to_string("comments/_suspended.html")


@register.simple_tag(takes_context=True)
def answers(context: dict[str, Any], post: Post) -> SafeString:
    """Draw where readers stand, and where this one does."""
    request: HttpRequest = context["request"]
    shown = DiscussionContext.of(request, post)
    return draw_totals(request, post, shown.totals, shown.own, hidden=not shown.shows_totals)


@register.simple_tag(takes_context=True)
def closing(context: dict[str, Any], post: Post) -> SafeString | str:
    """Draw how the authors sum the discussion of `post` up, as far as they have."""
    return render_summary(DiscussionContext.of(context["request"], post))


@register.simple_tag
def closing_edit_url(post: Post, user: Any) -> str | None:
    """Return where `user` sums up the discussion of `post`; None for whoever does not."""
    return page.edit_url(user, post)


@register.simple_tag(takes_context=True)
def answer_before(context: dict[str, Any], post: Post) -> SafeString:
    """Draw what this reader answers to the same question in an earlier part, else where that is."""
    before = DiscussionContext.of(context["request"], post).before
    part = before.part if before else post.asked_before[0]
    return render_to_string("comments/_before.html", {"before": before, "part": part})


@register.inclusion_tag("comments/_carried.html")
def answers_carried(carried: Sequence[Question]) -> dict[str, Any]:
    """Draw how answers moved to `carried` questions from the parts that asked them before."""
    return {"moves": moves_of(carried)}


def _composer(request: HttpRequest, shown: DiscussionContext) -> SafeString | str:
    if not shown.reader.may_write:
        return ""
    seen = shown.totals.count >= limits.TOTALS_DOTS_FROM
    return rendering.draw_composer(request, shown.post, shown.own, saw_totals=seen)
