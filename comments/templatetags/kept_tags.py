"""Template tag of the pages for signing up and in: the answer that waits for it."""

from typing import Any

from django import template
from django.http import Http404
from django.urls import Resolver404, resolve

from accounts import drafts
from core.markdown.html import MarkupRefused, Profile, plain, render, shortened
from core.sent.fields import texts_of
from posts.models import Stance

from ..access import get_asking_post

# Characters of the kept words that are shown, two or three lines.
SHOWN = 160

register = template.Library()


@register.inclusion_tag("comments/_kept_answer.html", takes_context=True)
def kept_answer(context: dict[str, Any]) -> dict[str, Any]:
    """Print what somebody signed out wrote, which waits until they have signed up or in."""
    request = context["request"]
    kept = None if request.user.is_authenticated else drafts.on_the_way(request)
    if kept is None:
        return {}
    typed = kept.fields
    texts = texts_of(typed)
    return {
        "kept": kept,
        "words": _shown(texts[0].value) if texts else "",
        "stance": _stance(request.user, kept.path, typed.get("stance") or ""),
    }


def _shown(words: str) -> str:
    """Return the beginning of `words` as readers will see it, without the marks of Markdown."""
    try:
        return plain(render(words, Profile.COMMENT), SHOWN)
    except MarkupRefused:
        return shortened(words, SHOWN)


def _stance(visitor: Any, path: str, key: str) -> Stance | None:
    """Return the answer with `key` to the question under which the form at `path` was written."""
    try:
        question = get_asking_post(visitor, resolve(path).kwargs["slug"]).question
    except (Http404, Resolver404, KeyError):
        return None
    return next((each for each in question.offered if each.key == key), None)
