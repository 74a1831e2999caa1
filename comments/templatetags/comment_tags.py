"""Show the question and the discussion of a post on its page, without `posts` knowing comments."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts import drafts
from accounts.models import User
from accounts.permissions import why_not_write
from core import limits
from core.caching import pages
from core.templating.slots import SlotTemplate
from posts.models import Post, Question, SavedKind
from publication import current

from ..analytics.carryover import moves_of
from ..closings import page
from ..closings.rendering import render_summary
from ..moderation.sentences import newcomer_sentence
from ..reading import saving
from ..rendering import discussion as rendering
from ..rendering import titles
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
    return titles.title(number)


@register.simple_tag(takes_context=True)
def answer_form(context: dict[str, Any], post: Post) -> SafeString | str:
    """Render the composer, or the reason why this reader cannot write."""
    request: HttpRequest = context["request"]
    shown = DiscussionContext.of(request, post)
    form = _composer(request, shown)
    if form or shown.reader.may_write:
        return form
    user = request.user if isinstance(request.user, User) else None
    waits_at = drafts.newest_address(user) if user and user.admission else ""
    context = {"why": why_not_write(user), "waits_at": waits_at}
    return render_to_string("comments/_suspended.html", context)


@register.simple_tag(takes_context=True)
def answers(context: dict[str, Any], post: Post) -> SafeString:
    """Render the totals of the question, with this reader's own answer."""
    request: HttpRequest = context["request"]
    shown = DiscussionContext.of(request, post)
    return render_totals(
        request,
        post,
        shown.totals,
        shown.own,
        hidden=not shown.shows_totals,
        waits=shown.waits,
    )


@register.simple_tag(takes_context=True)
def closing(context: dict[str, Any], post: Post) -> SafeString | str:
    """Render the beginning of the closing summary of `post`, if there is one."""
    return render_summary(DiscussionContext.of(context["request"], post))


@register.simple_tag(takes_context=True)
def save_article(context: dict[str, Any], post: Post) -> SafeString | str:
    """Render the button that saves the article for later, for somebody signed in."""
    shown = DiscussionContext.of(context["request"], post)
    if shown.reader.id is None:
        return ""
    is_saved = SavedKind.POST in shown.reading.saved
    url = saving.press_url(SavedKind.POST, post.slug, is_saved=is_saved)
    return _save_button("yes" if is_saved else "no", get_language()).fill({"save_url": url})


@lru_cache(maxsize=20)
def _save_button(saved: str, language: str) -> SlotTemplate:
    return SlotTemplate("comments/_save.html", {"saved": saved}, ("save_url",))


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


@register.simple_tag
def mentions_told() -> dict[str, int]:
    """Return how many people hear of a comment that mentions them: most, and of a newcomer's."""
    return {"most": limits.MENTIONS_TOLD, "by_newcomer": limits.MENTIONS_TOLD_BY_NEWCOMER}


@register.simple_tag
def newcomers_told() -> str:
    """Return the sentence on first comments that are checked; empty where none are."""
    return newcomer_sentence() if current.current().newcomer_comments else ""


def _composer(request: HttpRequest, shown: DiscussionContext) -> SafeString | str:
    if not shown.reader.may_write:
        return ""
    seen = shown.totals.count >= limits.TOTALS_DOTS_FROM
    return rendering.render_composer(
        request,
        shown.post,
        shown.own,
        saw_totals=seen,
        has_kept_words=shown.has_kept_words,
    )
