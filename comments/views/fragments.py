"""Parts of a page for htmx: what a new comment changes on the page it was written on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from posts.models import Post

from .. import composer
from ..actions import Posted
from ..cards import Deck
from ..models import Comment
from ..threads import Node
from ..totals import Totals


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


def posted_fragments(request: HttpRequest, posted: Posted) -> HttpResponse:
    """Answer with the new comment for its place, a fresh composer, and the new totals."""
    comment, user = posted.comment, request.user
    post = comment.post
    post.refresh_from_db(fields=["comment_count"])
    deck = Deck.for_reader(post, user, [comment])
    own = composer.stance_of(user, post)
    fresh = composer.blank(user, post, stance=own) if comment.parent_id is None else None
    context = {
        "card": deck.card(Node(comment, indent=comment.depth)),
        "comment": comment,
        "composer": fresh,
        "post": post,
        "own": own,
        "totals": _totals(post),
        "is_new": True,
        "announcement": posted_message(comment),
    }
    return render(request, "comments/_posted.html", context)


def _totals(post: Post) -> Totals | None:
    question = getattr(post, "question", None)
    return Totals.of(question.stances.all()) if question else None
