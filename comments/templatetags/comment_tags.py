"""The seam to posts: a post page shows its question and its discussion through these tags."""

from typing import Any

from django import template
from django.http import HttpRequest

from core import limits
from posts.models import Post

from .. import composer
from ..cards import tombstone
from ..discussions import Discussion, draw_held

register = template.Library()


@register.inclusion_tag("comments/_question.html", takes_context=True)
def question_block(context: dict[str, Any], post: Post, question: Any) -> dict[str, Any]:
    """Draw the closing question of `post`, its stances as choices, and where readers stand."""
    request: HttpRequest = context["request"]
    stances = list(question.stances.all()) if question else []
    shown = Discussion.of(request, post)
    return {
        "request": request,
        "post": post,
        "question": question,
        "stances": [stance for stance in stances if stance.is_offered],
        "totals": shown.totals,
        "public": not request.user.is_authenticated,
        "own": shown.own,
        "composer": _composer(request, post, shown),
    }


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: dict[str, Any], post: Post) -> dict[str, Any]:
    """Draw the page of the discussion of `post` that the address asks for."""
    request: HttpRequest = context["request"]
    shown = Discussion.of(request, post)
    asked, page = shown.asked, shown.page
    return {
        "request": request,
        "post": post,
        "page": page,
        "threads": shown.deck.draw(page.nodes),
        "held": draw_held(shown),
        "ancestors": [
            {"comment": entry, "tombstone": tombstone(entry, shown.reader)}
            for entry in page.ancestors
        ],
        "is_flat": asked.stance is not None,
        "stance": asked.stance,
        "filters": asked.filters(),
        "sorts": asked.sorts(),
        "next_url": asked.url(after=page.next) if page.next else None,
        "next_thread_url": asked.url(after=page.next_thread) if page.next_thread else None,
        "first_url": asked.url() if asked.after else None,
        "composer": None if hasattr(post, "question") else _composer(request, post, shown),
        "public": not request.user.is_authenticated,
    }


def _composer(request: HttpRequest, post: Post, shown: Discussion) -> Any:
    if not shown.reader.may_write:
        return None
    seen = shown.totals.count >= limits.TOTALS_DOTS_FROM
    return composer.blank(request.user, post, stance=shown.own, saw_totals=seen)
