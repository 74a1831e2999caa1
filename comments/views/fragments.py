"""Answer htmx with the parts of a page that a new comment changes."""

import json
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.caching.reverse import cached_reverse
from core.db.counted import CountUpTo
from core.db.prepared import Prepared, set_prefetched
from posts.models import Post, Question, SealedAnswer, Stance

from ..actions.comments import Posted
from ..actions.premoderation import HELD_NEWCOMER, left_to_approve
from ..analytics.totals import HIDDEN, Totals
from ..listing.rows import CommentRow
from ..models import Comment, CommentState
from ..moderation.sentences import held_sentence, newcomer_sentence
from ..permissions import Reader
from ..rendering import discussion, titles
from ..rendering.cards import CardRenderer, replies_label
from ..rendering.context import shows_totals, stance_summary
from ..rendering.totals import render_totals
from ..tree.nesting import Node


def posted_message(comment: Comment) -> str:
    """Return the message to the writer of a new comment."""
    if comment.published_at is None:
        is_first = comment.held_reason == HELD_NEWCOMER
        left = left_to_approve(comment.author) if is_first else 0
        why = newcomer_sentence(left) if is_first else held_sentence(comment.held_reason)
        return f"{_('Thank you. For now only you can see your comment.')} {why}"
    return str(_("Your comment is posted."))


# Replies are counted up to here, so that more cost no answer more.
REPLIES_TO = 1_000


class Afterwards(NamedTuple):
    """What a page shows of the discussion once the comment is written.

    `replies` are those to its parent that its writer sees; `has_opened` says that the question has
    a sealed answer that a number of answers opened.
    """

    comments: int
    replies: int
    has_opened: bool

    @classmethod
    def of(cls, comment: Comment) -> "Afterwards":
        """Return what there is after `comment`. One query."""
        parent = comment.parent_id or 0
        [row] = _AFTERWARDS.rows(post=comment.post_id, parent=parent, author=comment.author_id)
        return cls(row[0], row[1], bool(row[2]))


def _afterwards(post: int, parent: int, author: int) -> Any:
    own_held = Q(author=author, state=CommentState.HELD, deleted_at__isnull=True)
    replies = Comment.objects.filter(Q(is_shown=True) | own_held, parent=parent).order_by()
    opened = SealedAnswer.objects.valid().filter(
        question__post=OuterRef("pk"), opens_after__isnull=False, opened_at__isnull=False
    )
    columns = (CountUpTo(replies.values("pk")[:REPLIES_TO]), Exists(opened))
    return Post.objects.filter(pk=post).order_by().values_list("comment_count", *columns)


_AFTERWARDS = Prepared(_afterwards, post=int, parent=int, author=int)


def posted_fragments(request: HttpRequest, posted: Posted) -> HttpResponse:
    """Answer with the new comment for its place, a fresh composer, and what changes with it."""
    comment, user = posted.comment, request.user
    post = comment.post
    after = Afterwards.of(comment)
    post.comment_count = after.comments
    question = post.question_or_none
    if question and after.has_opened:
        _load_sealed_answers(question)
    stances = list(question.stances.all()) if question else []
    summary = stance_summary(post, comment.author_id)
    own = next((stance for stance in stances if stance.pk == summary.own), None)
    visible = shows_totals(post, own)
    fresh = discussion.render_composer(request, post, own) if comment.parent_id is None else ""
    context = {
        "comment_html": _render_card(user, comment, own, sum(summary.counts.values())),
        "comment": comment,
        "post": post,
        "question": question,
        "has_opened": after.has_opened,
        "composer": fresh,
        "title": "" if _shows_part(request) else titles.title(post.comment_count),
        "totals": render_totals(
            request,
            post,
            Totals.of(stances, summary.counts) if visible else HIDDEN,
            own,
            swap=True,
            hidden=not visible,
            waits=comment.published_at is None,
        )
        if stances
        else "",
    }
    response = render(request, "comments/_posted.html", context)
    response.headers["HX-Trigger"] = json.dumps(_events(comment, after.replies))
    return response


def _events(comment: Comment, replies: int) -> dict[str, Any]:
    """Return the events of a page that shows `comment`: with `replies`, those to its parent."""
    if comment.parent_id is None:
        return {"draft-done": True}
    words = replies_label(replies, get_language())
    return {"draft-done": True, "replied": {"to": comment.parent_id, "words": words}}


def _load_sealed_answers(question: Question) -> None:
    """Load the sealed answers to `question` as readers see them now."""
    rows = SealedAnswer.objects.for_readers().filter(question=question)
    set_prefetched(question, "sealed_answers", list(rows))


def _shows_part(request: HttpRequest) -> bool:
    """Return whether the page that sent the form lists a part of the discussion.

    Its title counts that part, and stays.
    """
    address = request.headers.get("HX-Current-URL", "").partition("#")[0]
    params = QueryDict(address.partition("?")[2])
    return bool(params.keys() & {"stance", "since"})


def _render_card(user: Any, comment: Comment, own: Stance | None, answers: int) -> SafeString:
    """Render the card of a new comment by `user`, whose present stance is `own`.

    `answers` is how many readers answer now.
    """
    cards = CardRenderer.of(
        comment.post,
        Reader.of(user, comment.post),
        cached_reverse("comments:answer", comment.post.slug),
        answers=answers,
        own=own,
    )
    node = Node(CommentRow.of(comment, own.pk if own else None), indent=comment.depth)
    return cards.render([node], announcement=posted_message(comment))
