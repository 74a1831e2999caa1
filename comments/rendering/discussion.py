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
from notifications.following import buttons
from notifications.targets import Key
from posts.models import Post, Stance

from .. import permissions
from ..actions import sealed_answers
from ..actions.discussions import reason_of, sentence_of
from ..forms import CommentForm
from ..listing.params import Filter, SortLink
from ..models.moderation import DiscussionReason
from ..stance_label import StanceLabel
from . import news
from .composer import likely_kind
from .context import DiscussionContext
from .no_comments import render_no_comments
from .titles import title_of
from .tombstones import tombstone

# Variants that a process remembers: some dozens for each set of stances in use.
VARIANTS = 500
_SLOTS = (
    "title",
    "closed",
    "close_url",
    "composer",
    "ancestors",
    "held",
    "threads",
    "follow",
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
    "visit_url",
    "version",
    "news_title",
    "first_new",
    "news_query",
    "new_behind",
    "marked",
)
_COMPOSER_SLOTS = ("action", "people_url", "form_key", "csrf_token", "drawn_for")


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
    has_first: bool
    has_next: bool
    has_next_thread: bool
    is_since: bool
    has_since: bool
    ends_ranking: bool
    nudges: bool
    has_news: bool
    has_new_here: bool
    is_closed: bool
    may_close: bool
    was_marked: bool
    # Whether the order is the one that a comment's number explains.
    explains_order: bool

    @property
    def order(self) -> str:
        """The label of the order shown; empty for a branch and for what is new."""
        return next((sort.label for sort in self.sorts if sort.current), "")


class ComposerVariant(NamedTuple):
    """Everything that decides the shape of an empty composer.

    `choices` is None where no stance is offered, `kind` empty for people who always give an answer.
    """

    choices: tuple[Choice, ...] | None
    chosen: str
    kind: str
    saw_totals: bool
    is_sealed: bool
    has_kept_words: bool
    # Only the answer can be given: the discussion is closed.
    only_answers: bool


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
        has_first=bool(params.after),
        has_next=bool(page.next),
        has_next_thread=bool(page.next_thread),
        is_since=params.since is not None,
        has_since=has_comments and not page.next,
        ends_ranking=page.ends_ranking,
        nudges=bool(nudge),
        has_news=bool(shown.reading.news) and params.since is None,
        has_new_here=bool(shown.new),
        is_closed=shown.post.closed_at is not None,
        may_close=permissions.can_close(shown.request.user, shown.post),
        was_marked=bool(news.marked(shown)),
        explains_order=has_comments and params.is_balanced and not params.after,
    )
    values = {
        "title": title_of(shown),
        "closed": _render_closed(shown.post) if variant.is_closed else "",
        "close_url": cached_reverse("comments:discussion-close", shown.post.slug)
        if variant.may_close
        else "",
        "composer": composer,
        "ancestors": _render_ancestors(shown) if page.branch else "",
        "held": held,
        "threads": threads,
        "follow": _follow_answer(shown),
        "empty": "" if threads or held else render_no_comments(shown),
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
        **news.values(shown),
    }
    return _template(variant, get_language()).fill(values)


def render_composer(
    request: HttpRequest,
    post: Post,
    own: Stance | None,
    *,
    saw_totals: bool = False,
    has_kept_words: bool = False,
) -> SafeString | str:
    """Return the empty composer of `post` as HTML; `own` is the reader's stance.

    With `has_kept_words` it leads to the words of theirs that wait to be posted. In a closed
    discussion it takes answers alone, and is "" where there is none to give.
    """
    question = post.question_or_none
    sealed = sealed_answers.is_sealed(request.user, post)
    choices = Choice.all_of(question.offered) if question and not sealed else None
    chosen = own.key if own else ""
    may_skip = choices is not None and permissions.can_write_notes(request.user, post)
    kind = likely_kind(request.user, post, chosen) if may_skip else ""
    values = {
        "action": cached_reverse("comments:answer", post.slug),
        "people_url": cached_reverse("comments:participants", post.slug),
        "form_key": str(uuid4()),
        "csrf_token": form_token(request),
        "drawn_for": drawn_for(request),
    }
    is_closed = post.closed_at is not None
    if is_closed and choices is None:
        return ""
    shape = ComposerVariant(choices, chosen, kind, saw_totals, sealed, has_kept_words, is_closed)
    return _composer_template(shape, get_language()).fill(values)


@lru_cache(maxsize=VARIANTS)
def _template(variant: DiscussionVariant, language: str) -> SlotTemplate:
    return SlotTemplate("comments/_discussion.html", {"discussion": variant}, _SLOTS)


@lru_cache(maxsize=VARIANTS)
def _composer_template(shape: ComposerVariant, language: str) -> SlotTemplate:
    slots = marks(_COMPOSER_SLOTS)
    initial = {
        "kind": shape.kind,
        "stance": shape.chosen,
        "saw_totals": shape.saw_totals,
        "form_key": slots["form_key"],
    }
    form = CommentForm(
        stances=shape.choices,
        may_skip_stance=bool(shape.kind),
        auto_id="answer-%s",
        initial=initial,
    )
    others = [choice for choice in shape.choices or () if choice.key != shape.chosen]
    composer = {
        "form": form,
        "prefix": "answer",
        "action": slots["action"],
        "people_url": slots["people_url"],
        "targets": others if shape.chosen else [],
        "is_sealed": shape.is_sealed,
        "has_kept_words": shape.has_kept_words,
    }
    template = "comments/_answer_only.html" if shape.only_answers else "comments/_composer.html"
    return SlotTemplate(template, {"composer": composer}, _COMPOSER_SLOTS)


def _render_closed(post: Post) -> SafeString:
    """Return since when and why the discussion of `post` is closed, as HTML."""
    reason = reason_of(post)
    is_summed_up = bool(post.closing) and post.closed_reason == DiscussionReason.SUMMED_UP
    context = {
        "post": post,
        "reason": reason,
        "sentence": sentence_of(post),
        "is_summed_up": is_summed_up,
    }
    return render_to_string("comments/_closed.html", context)


def _render_ancestors(shown: DiscussionContext) -> SafeString:
    above: list[dict[str, Any]] = [
        {"comment": row, "tombstone": tombstone(row, shown.reader.id)}
        for row in shown.page.ancestors
    ]
    return render_to_string("comments/_ancestors.html", {"post": shown.post, "ancestors": above})


def _follow_answer(shown: DiscussionContext) -> SafeString | str:
    """Return the button to follow the answer whose comments are listed, else an empty string."""
    stance = shown.params.stance
    if stance is None or not shown.post.is_published():
        return ""
    key = Key(shown.post.pk, stance.key)
    if shown.reader.id is None:
        return buttons.link("stance", key, stance.word)
    return buttons.button(shown.request, "stance", key, stance.word)


def _since_title(shown: DiscussionContext) -> str:
    """Return the number of new comments, in words; an empty string where there are none."""
    number = len(shown.page.nodes)
    if shown.params.after or not number:
        return ""
    if shown.page.next:
        return _("More than %(n)s new comments") % {"n": grouped(number)}
    return ngettext("%(n)s new comment", "%(n)s new comments", number) % {"n": grouped(number)}
