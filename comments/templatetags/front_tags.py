"""Show the answers to a question, and what readers said, on pages that list posts."""

from collections.abc import Sequence
from typing import Any

from django import template

from posts.models import Post

from ..analytics.totals import HIDDEN, Totals
from ..permissions import can_write
from ..rendering.said import said_lately

register = template.Library()


@register.inclusion_tag("comments/_answer_bar.html")
def answer_bar(post: Post, is_long: bool = False) -> dict[str, Any]:
    """Render how many readers answered `post`, and a small bar of how if enough did.

    With `is_long` it is a sentence. Nothing while the totals are hidden.
    """
    question = post.question
    shown = question.shows_totals_to_all
    totals = Totals.of(question.stances.all()) if shown else HIDDEN
    return {"totals": totals, "is_shown": shown, "is_long": is_long}


@register.simple_tag(takes_context=True)
def may_answer(context: dict[str, Any]) -> bool:
    """Return whether the page of an answer is open to this reader; it is to anybody signed out."""
    user = context["request"].user
    return not user.is_authenticated or can_write(user)


@register.inclusion_tag("comments/_said.html")
def what_readers_said(posts: Sequence[Post]) -> dict[str, Any]:
    """Render what readers of the newest of `posts` said, a comment for each answer."""
    return {"said": said_lately(posts)}
