"""Mark comments as well argued, take marks back, and explain a comment's rank."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.guards import form_page, person_asking, post_only, writer_required
from core.exceptions import ActionRefused
from core.htmx import is_fragment
from core.timestamps import day_of

from ..access import get_comment
from ..actions import reactions, settling, stances
from ..listing import permalinks
from ..models import Comment
from ..permissions import Reader
from ..rendering.context import shows_totals
from ..rendering.explanations import Explanation


@form_page
def well_argued(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the tally of a comment and explain its rank; by POST, mark it as well argued."""
    if request.method == "POST":
        return _press(request, pk)
    comment = _readable_comment(request, pk)
    return _show(request, comment)


@writer_required
def _press(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, reactions.press, _("Noted: well argued."))


@post_only
@writer_required
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own mark."""
    return _change(request, pk, reactions.take_back, _("Taken back."))


def _change(request: HttpRequest, pk: int, change: Callable[..., bool], done: Any) -> HttpResponse:
    comment = _readable_comment(request, pk)
    try:
        change(comment, by=person_asking(request))
    except ActionRefused as refused:
        response = _show(request, comment, refusal=refused.message, status=refused.status)
        if refused.retry_after is not None:
            response.headers["Retry-After"] = str(refused.retry_after)
        return response
    if is_fragment(request):
        context = _button(request, comment, announcement_of_press=done)
        return render(request, "comments/_praise.html", context)
    messages.success(request, done)
    return redirect(permalinks.page_url(comment))


def _readable_comment(request: HttpRequest, pk: int) -> Comment:
    """Return a comment that everyone can read; 404 for all others."""
    comment = get_comment(request.user, pk)
    if not comment.is_readable:
        raise Http404(_("This comment is not there any more."))
    return comment


def _button(request: HttpRequest, comment: Comment, **said: Any) -> dict[str, Any]:
    reader = person_asking(request)
    pressed = reactions.reaction_of(comment, reader)
    waits = settling.waits_until(pressed, reader, timezone.now())
    return {
        "id": comment.pk,
        "handle": comment.author.handle,
        "has_pressed": pressed is not None,
        "waits": waits is not None,
        "counts_from": day_of(waits) if waits else "",
        "public": False,
        **said,
    }


def _show(
    request: HttpRequest, comment: Comment, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    reader = Reader.of(request.user, comment.post, now)
    context = {
        "comment": comment,
        "post": comment.post,
        "reasons": Explanation.of(
            comment,
            comment.post,
            now,
            shows_totals=shows_totals(comment.post, stances.stance_of(request.user, comment.post)),
        ),
        "refusal": refusal,
        "may_press": reader.may_press(comment),
        "is_own": reader.id == comment.author_id,
        "button": _button(request, comment) if reader.id and reader.may_press(comment) else None,
    }
    return render(request, "comments/well_argued.html", context, status=status)
