"""Answer htmx with the parts of a page that a new comment changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.caching.reverse import cached_reverse
from core.db.prepared import Prepared
from posts.models import Post, Stance

from ..actions.comments import Posted
from ..actions.premoderation import HELD_NEWCOMER, left_to_approve
from ..analytics.totals import HIDDEN, Totals
from ..listing.rows import CommentRow
from ..models import Comment
from ..moderation.sentences import held_sentence, newcomer_sentence
from ..permissions import Reader
from ..rendering import discussion, titles
from ..rendering.cards import CardRenderer
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


_COMMENT_COUNT = Prepared(
    lambda pk: Post.objects.filter(pk=pk).values_list("comment_count"), pk=int
)


def posted_fragments(request: HttpRequest, posted: Posted) -> HttpResponse:
    """Answer with the new comment for its place, a fresh composer, and the new totals."""
    comment, user = posted.comment, request.user
    post = comment.post
    post.comment_count = _COMMENT_COUNT.rows(pk=post.pk)[0][0]
    question = post.question_or_none
    stances = list(question.stances.all()) if question else []
    summary = stance_summary(post, comment.author_id)
    own = next((stance for stance in stances if stance.pk == summary.own), None)
    visible = shows_totals(post, own)
    fresh = discussion.render_composer(request, post, own) if comment.parent_id is None else ""
    context = {
        "comment_html": _render_card(user, comment, own, sum(summary.counts.values())),
        "comment": comment,
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
    response.headers["HX-Trigger"] = "draft-done"
    return response


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
