"""Show the question and the discussion of a post on its page, without `posts` knowing comments."""

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
from ..rendering.totals import render_totals

register = template.Library()


@register.simple_tag(takes_context=True)
def discussion(context: dict[str, Any], post: Post) -> SafeString:
    """Render the page of the discussion of `post` that the address names."""
    request: HttpRequest = context["request"]
    shown = DiscussionContext.of(request, post)
    form = "" if post.question_or_none is not None else _composer(request, shown)
    html = rendering.render_discussion(shown, form)
    if shown.cards.next_tally:
        pages.end(request, shown.cards.next_tally.timestamp())
    return html


@register.simple_tag
def comments_label(number: int) -> str:
    """Return the number of comments of a post, in words."""
    return rendering.comments_label(number)


@register.simple_tag(takes_context=True)
def answer_form(context: dict[str, Any], post: Post) -> SafeString | str:
    """Render the composer, or the reason why this reader cannot write."""
    request: HttpRequest = context["request"]
    form = _composer(request, DiscussionContext.of(request, post))
    return form or render_to_string("comments/_suspended.html")


@register.simple_tag(takes_context=True)
def answers(context: dict[str, Any], post: Post) -> SafeString:
    """Render the totals of the question, with this reader's own answer."""
    request: HttpRequest = context["request"]
    shown = DiscussionContext.of(request, post)
    return render_totals(request, post, shown.totals, shown.own, hidden=not shown.shows_totals)


@register.simple_tag(takes_context=True)
def closing(context: dict[str, Any], post: Post) -> SafeString | str:
    """Render the beginning of the closing summary of `post`, if there is one."""
    return render_summary(DiscussionContext.of(context["request"], post))


@register.simple_tag
def closing_edit_url(post: Post, user: Any) -> str | None:
    """Return the address where `user` writes the closing of `post`; None for non-authors."""
    return page.edit_url(user, post)


@register.simple_tag(takes_context=True)
def answer_before(context: dict[str, Any], post: Post) -> SafeString:
    """Render this reader's answer to the same question in an earlier part, else a link to it."""
    before = DiscussionContext.of(context["request"], post).before
    part = before.part if before else post.asked_before[0]
    return render_to_string("comments/_before.html", {"before": before, "part": part})


@register.inclusion_tag("comments/_carried.html")
def answers_carried(carried: Sequence[Question]) -> dict[str, Any]:
    """Render how answers moved to `carried` questions from the parts that asked them before."""
    return {"moves": moves_of(carried)}


def _composer(request: HttpRequest, shown: DiscussionContext) -> SafeString | str:
    if not shown.reader.may_write:
        return ""
    seen = shown.totals.count >= limits.TOTALS_DOTS_FROM
    return rendering.render_composer(request, shown.post, shown.own, saw_totals=seen)
