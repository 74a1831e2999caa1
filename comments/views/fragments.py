"""Parts of a page for htmx: what a new comment changes on the page it was written on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.caching.reverse import cached_reverse
from core.db.prepared import Prepared
from posts.models import Post, Stance

from ..actions.comments import Posted
from ..analytics.totals import HIDDEN, Totals
from ..listing.rows import CommentRow
from ..models import Comment
from ..permissions import Reader
from ..rendering import discussion
from ..rendering.cards import CardRenderer
from ..rendering.context import shows_totals, stance_summary
from ..rendering.totals import draw_totals
from ..tree.nesting import Node


def posted_message(comment: Comment) -> str:
    """Return what the writer of a new comment is told."""
    if comment.published_at is None:
        return str(
            _(
                "Thank you. Your comment waits for a moderator, as the first comments of "
                "everybody do. You can already see it in its place."
            )
        )
    return str(_("Your comment is posted."))


_COUNT = Prepared(lambda pk: Post.objects.filter(pk=pk).values_list("comment_count"), pk=int)


def posted_fragments(request: HttpRequest, posted: Posted) -> HttpResponse:
    """Answer with the new comment for its place, a fresh composer, and the new totals."""
    comment, user = posted.comment, request.user
    post = comment.post
    post.comment_count = _COUNT.rows(pk=post.pk)[0][0]
    question = post.question_or_none
    stances = list(question.stances.all()) if question else []
    stand = stance_summary(post, comment.author_id)
    own = next((stance for stance in stances if stance.pk == stand.own), None)
    visible = shows_totals(post, own)
    fresh = discussion.draw_composer(request, post, own) if comment.parent_id is None else ""
    context = {
        "comment_html": _draw(user, comment, own),
        "comment": comment,
        "composer": fresh,
        "title": discussion.title(post.comment_count),
        "totals": draw_totals(
            request,
            post,
            Totals.of(stances, stand.counts) if visible else HIDDEN,
            own,
            swap=True,
            hidden=not visible,
        )
        if stances
        else "",
    }
    return render(request, "comments/_posted.html", context)


def _draw(user: Any, comment: Comment, own: Stance | None) -> SafeString:
    """Draw the new comment, whose writer takes the stance `own` now."""
    deck = CardRenderer.of(
        comment.post,
        Reader.of(user, comment.post),
        cached_reverse("comments:answer", comment.post.slug),
        own=own,
    )
    node = Node(CommentRow.of(comment, own.pk if own else None), indent=comment.depth)
    return deck.draw([node], announcement=posted_message(comment))
