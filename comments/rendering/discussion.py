"""Render the parts of a discussion around its comments: head, ancestors, composer, paging."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.caching.reverse import cached_reverse
from core.csrf import drawn_for, form_token
from core.numbers import grouped
from core.templating.slots import SlotTemplate, marks
from posts.models import Post, Stance

from ..actions import sealed_answers
from ..forms import CommentForm
from ..listing.params import Filter, ListingParams, SortLink
from ..stance_label import StanceLabel
from .context import DiscussionContext
from .tombstones import tombstone

# Variants that a process remembers: some dozens for each set of stances in use.
VARIANTS = 500
_SLOTS = (
    "title",
    "composer",
    "ancestors",
    "held",
    "threads",
    "empty",
    "post_url",
    "first_query",
    "next_query",
    "next_thread_query",
    "since_query",
    "since_title",
    "nudge",
    "post_id",
    "csrf_token",
    "drawn_for",
)
_COMPOSER_SLOTS = ("action", "form_key", "csrf_token", "drawn_for")


class Choice(NamedTuple):
    """A stance that a form offers, by value: equal choices share a slot template."""

    key: str
    word: str
    shape: str
    colour: str
    meaning: str

    @classmethod
    def all_of(cls, stances: Iterable[Stance]) -> "tuple[Choice, ...]":
        """Return `stances` as choices."""
        return tuple(cls(*StanceLabel.of(stance), stance.meaning) for stance in stances)


class DiscussionVariant(NamedTuple):
    """Everything that decides the shape of the parts around the comments of a page."""

    filters: tuple[Filter, ...]
    sorts: tuple[SortLink, ...]
    public: bool
    is_flat: bool
    is_empty: bool
    has_first: bool
    has_next: bool
    has_next_thread: bool
    is_since: bool
    has_since: bool
    ends_ranking: bool
    nudges: bool


def render_discussion(shown: DiscussionContext, composer: SafeString | str = "") -> SafeString:
    """Return the discussion as HTML; `composer` is the form above it as HTML."""
    params, page = shown.params, shown.page
    held = shown.render_held()
    threads = shown.cards.render(page.nodes)
    has_comments = shown.post.comment_count > 0
    nudge = shown.nudge()
    variant = DiscussionVariant(
        filters=params.filters() if has_comments else (),
        sorts=params.sorts() if has_comments else (),
        public=shown.reader.id is None,
        is_flat=params.is_flat,
        is_empty=not threads and not held,
        has_first=bool(params.after),
        has_next=bool(page.next),
        has_next_thread=bool(page.next_thread),
        is_since=params.since is not None,
        has_since=has_comments and not page.next,
        ends_ranking=page.ends_ranking,
        nudges=bool(nudge),
    )
    values = {
        "title": title(shown.post.comment_count),
        "composer": composer,
        "ancestors": _render_ancestors(shown) if page.branch else "",
        "held": held,
        "threads": threads,
        "empty": _empty(params) if variant.is_empty else "",
        "post_url": shown.cards.post_url,
        "first_query": params.query() if variant.has_first else "",
        "next_query": params.query(after=page.next) if variant.has_next else "",
        "next_thread_query": params.query(after=page.next_thread)
        if variant.has_next_thread
        else "",
        "since_query": params.since_now(),
        "csrf_token": "" if variant.public else form_token(shown.request),
        "drawn_for": "" if variant.public else drawn_for(shown.request),
        "since_title": _since_title(shown) if variant.is_since else "",
        "nudge": nudge,
        "post_id": shown.post.pk,
    }
    return _template(variant, get_language()).fill(values)


def render_composer(
    request: HttpRequest, post: Post, own: Stance | None, *, saw_totals: bool = False
) -> SafeString:
    """Return the empty composer of `post` as HTML; `own` is the reader's stance."""
    question = post.question_or_none
    sealed = sealed_answers.is_sealed(request.user, post)
    choices = Choice.all_of(question.offered) if question and not sealed else None
    values = {
        "action": cached_reverse("comments:answer", post.slug),
        "form_key": str(uuid4()),
        "csrf_token": form_token(request),
        "drawn_for": drawn_for(request),
    }
    chosen = own.key if own else ""
    template = _composer_template(choices, chosen, saw_totals, sealed, get_language())
    return template.fill(values)


def title(count: int) -> str:
    """Return the title of a discussion: the number of comments, in words."""
    return comments_label(count) if count else _("No comments yet")


def comments_label(count: int) -> str:
    """Return a number of comments, in words."""
    return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": grouped(count)}


@lru_cache(maxsize=VARIANTS)
def _template(variant: DiscussionVariant, language: str) -> SlotTemplate:
    return SlotTemplate("comments/_discussion.html", {"discussion": variant}, _SLOTS)


@lru_cache(maxsize=VARIANTS)
def _composer_template(
    choices: tuple[Choice, ...] | None, chosen: str, saw_totals: bool, sealed: bool, language: str
) -> SlotTemplate:
    slots = marks(_COMPOSER_SLOTS)
    initial = {"stance": chosen, "saw_totals": saw_totals, "form_key": slots["form_key"]}
    form = CommentForm(stances=choices, auto_id="answer-%s", initial=initial)
    others = [choice for choice in choices or () if choice.key != chosen]
    composer = {
        "form": form,
        "prefix": "answer",
        "action": slots["action"],
        "targets": others if chosen else [],
        "is_sealed": sealed,
    }
    return SlotTemplate("comments/_composer.html", {"composer": composer}, _COMPOSER_SLOTS)


def _render_ancestors(shown: DiscussionContext) -> SafeString:
    above: list[dict[str, Any]] = [
        {"comment": row, "tombstone": tombstone(row, shown.reader.id)}
        for row in shown.page.ancestors
    ]
    return render_to_string("comments/_ancestors.html", {"post": shown.post, "ancestors": above})


def _since_title(shown: DiscussionContext) -> str:
    """Return the number of new comments, in words; an empty string where there are none."""
    number = len(shown.page.nodes)
    if shown.params.after or not number:
        return ""
    if shown.page.next:
        return _("More than %(n)s new comments since then") % {"n": grouped(number)}
    return ngettext("%(n)s new comment since then", "%(n)s new comments since then", number) % {
        "n": grouped(number)
    }


def _empty(params: ListingParams) -> str:
    """Return the sentence in place of comments where there are none."""
    if params.since is not None and not params.after:
        return _("Nothing new since then.")
    if params.stance:
        return _("Nobody has argued for %(word)s yet.") % {"word": params.stance.word}
    if params.after:
        return _("Here the discussion ends.")
    if params.stances:
        return _("Nobody has written yet. Say where you stand, and why.")
    return _("Nobody has written yet.")
