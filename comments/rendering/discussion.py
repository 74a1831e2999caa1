"""Drawing what stands around the comments: the head of the discussion, and where readers stand."""

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
from core.counting import grouped
from core.csrf import form_token
from core.templating.slots import SlotTemplate, marks
from posts.models import Post, Stance

from ..actions import sealed_answers
from ..forms import CommentForm
from ..listing.params import Filter, ListingParams, SortLink
from ..stance_label import StanceLabel
from .cards import tombstone
from .context import DiscussionContext

# Looks that a process remembers: some dozens for each set of stances in use.
LOOKS = 500
_WORDS = (
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
)
_COMPOSER_WORDS = ("action", "form_key", "csrf_token")


class Choice(NamedTuple):
    """A stance that a form offers; the same as another looks the same and is sent the same."""

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
    """All that decides about what stands around the comments of a page."""

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


def draw_discussion(shown: DiscussionContext, composer: SafeString | str = "") -> SafeString:
    """Return the discussion as HTML; `composer` is the form above it, drawn."""
    asked, page = shown.asked, shown.page
    held = shown.draw_held()
    threads = shown.deck.draw(page.nodes)
    is_asked = shown.post.comment_count > 0
    nudge = shown.nudge()
    look = DiscussionVariant(
        filters=asked.filters() if is_asked else (),
        sorts=asked.sorts() if is_asked else (),
        public=shown.reader.id is None,
        is_flat=asked.is_flat,
        is_empty=not threads and not held,
        has_first=bool(asked.after),
        has_next=bool(page.next),
        has_next_thread=bool(page.next_thread),
        is_since=asked.since is not None,
        has_since=is_asked and not page.next,
        ends_ranking=page.ends_ranking,
        nudges=bool(nudge),
    )
    words = {
        "title": title(shown.post.comment_count),
        "composer": composer,
        "ancestors": _draw_ancestors(shown) if page.branch else "",
        "held": held,
        "threads": threads,
        "empty": _empty(asked) if look.is_empty else "",
        "post_url": shown.deck.post_url,
        "first_query": asked.query() if look.has_first else "",
        "next_query": asked.query(after=page.next) if look.has_next else "",
        "next_thread_query": asked.query(after=page.next_thread) if look.has_next_thread else "",
        "since_query": asked.since_now(),
        "csrf_token": "" if look.public else form_token(shown.request),
        "since_title": _since_title(shown) if look.is_since else "",
        "nudge": nudge,
        "post_id": shown.post.pk,
    }
    return _skeleton(look, get_language()).fill(words)


def draw_composer(
    request: HttpRequest, post: Post, own: Stance | None, *, saw_totals: bool = False
) -> SafeString:
    """Return the empty form for an answer to `post` as HTML; `own` is the reader's stance."""
    question = post.question_or_none
    sealed = sealed_answers.is_sealed(request.user, post)
    choices = Choice.all_of(question.offered) if question and not sealed else None
    words = {
        "action": cached_reverse("comments:answer", post.slug),
        "form_key": str(uuid4()),
        "csrf_token": form_token(request),
    }
    chosen = own.key if own else ""
    return _composer(choices, chosen, saw_totals, sealed, get_language()).fill(words)


def title(count: int) -> str:
    """Return how many comments there are, in words."""
    return comments_label(count) if count else _("No comments yet")


def comments_label(count: int) -> str:
    """Return a number of comments, in words."""
    return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": grouped(count)}


@lru_cache(maxsize=LOOKS)
def _skeleton(look: DiscussionVariant, language: str) -> SlotTemplate:
    return SlotTemplate("comments/_discussion.html", {"look": look}, _WORDS)


@lru_cache(maxsize=LOOKS)
def _composer(
    choices: tuple[Choice, ...] | None, chosen: str, saw_totals: bool, sealed: bool, language: str
) -> SlotTemplate:
    slots = marks(_COMPOSER_WORDS)
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
    return SlotTemplate("comments/_composer.html", {"composer": composer}, _COMPOSER_WORDS)


def _draw_ancestors(shown: DiscussionContext) -> SafeString:
    above: list[dict[str, Any]] = [
        {"comment": entry, "tombstone": tombstone(entry, shown.reader)}
        for entry in shown.page.ancestors
    ]
    return render_to_string("comments/_ancestors.html", {"post": shown.post, "ancestors": above})


def _since_title(shown: DiscussionContext) -> str:
    """Return how many comments are new, in words; nothing where there are none to count."""
    number = len(shown.page.nodes)
    if shown.asked.after or not number:
        return ""
    if shown.page.next:
        return _("More than %(n)s new comments since then") % {"n": grouped(number)}
    return ngettext("%(n)s new comment since then", "%(n)s new comments since then", number) % {
        "n": grouped(number)
    }


def _empty(asked: ListingParams) -> str:
    """Return what is said where there is no comment."""
    if asked.since is not None and not asked.after:
        return _("Nothing new since then.")
    if asked.stance:
        return _("Nobody has argued for %(word)s yet.") % {"word": asked.stance.word}
    if asked.after:
        return _("Here the discussion ends.")
    if asked.stances:
        return _("Nobody has written yet. Say where you stand, and why.")
    return _("Nobody has written yet.")
