"""Answer the permalink of a comment: lead to its place, or say what became of it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..access import get_gone, get_place
from ..listing import permalinks
from ..models import Comment, CommentState
from ..rendering.tombstones import tombstone


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the page that shows the comment, unfolded and in view.

    In place of one that no page shows, say by whom it was removed, and why: 410, and for its writer
    and moderators 200 with the text.
    """
    place = get_place(request.user, pk)
    if place.is_readable or _waits_in_place(request, place):
        return redirect(permalinks.whole_url(place))
    return _gone(request, place)


def _waits_in_place(request: HttpRequest, place: Comment) -> bool:
    """Return whether the discussion shows the comment to its writer alone, until it is approved."""
    is_held = place.state == CommentState.HELD and not place.is_deleted
    return is_held and place.author_id == request.user.pk


def _gone(request: HttpRequest, place: Comment) -> HttpResponse:
    comment = get_gone(request.user, place)
    context = {
        "comment": comment,
        "post": comment.post,
        "sentence": tombstone(comment, None),
        "place_url": permalinks.place_url(comment),
        "case_url": _case_url(request, comment),
        "is_own": comment.author_id == request.user.pk,
    }
    status = HTTPStatus.OK if comment.body else HTTPStatus.GONE
    return render(request, "comments/gone.html", context, status=status)


def _case_url(request: HttpRequest, comment: Comment) -> str | None:
    """Return the address of the case of `comment`, None for everybody but moderators."""
    if not (request.user.is_authenticated and request.user.is_moderator):
        return None
    return reverse("comments:moderation-case", args=[comment.pk])
