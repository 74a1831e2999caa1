"""Mark comments as well argued, take marks back, and explain a comment's rank."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.guards import form_page, person_asking, post_only, writer_required
from accounts.models import User
from core.exceptions import ActionRefused
from core.htmx import is_fragment
from core.numbers import grouped
from core.timestamps import day_of

from ..access import get_comment
from ..actions import reactions, settling, stances
from ..listing import permalinks
from ..models import Comment
from ..permissions import Reader
from ..rendering import reaction_summary
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
        return render(request, "comments/_pill.html", _pressed_pill(request, comment, done))
    messages.success(request, done)
    return redirect(permalinks.page_url(comment))


def _readable_comment(request: HttpRequest, pk: int) -> Comment:
    """Return a comment that everyone can read; 404 for all others."""
    comment = get_comment(request.user, pk)
    if not comment.is_readable:
        raise Http404(_("This comment is no longer there."))
    return comment


@require_safe
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the marks of a comment by answer alone, for a panel in its discussion.

    An address of its own: what may be stored must not depend on the headers of htmx.
    """
    comment = _readable_comment(request, pk)
    user, waits = request.user, None
    if isinstance(user, User):
        waits = settling.waits_until(reactions.reaction_of(comment, user), user, timezone.now())
    context = {
        "id": pk,
        "reasons": _reasons(request, comment),
        "counts_from": day_of(waits) if waits else "",
    }
    return render(request, "comments/_split_panel.html", context)


def _pill(request: HttpRequest, comment: Comment, now: datetime) -> dict[str, Any]:
    """Return the context of the template of the act and the number, for somebody signed in."""
    reader = person_asking(request)
    pressed = reactions.reaction_of(comment, reader)
    waits = settling.waits_until(pressed, reader, now)
    return {
        "id": comment.pk,
        "name": comment.author.display_name,
        "has_number": bool(comment.well_argued) and reactions.shows_tally(comment, now),
        "number": grouped(reaction_summary.total(comment.well_argued)),
        "may_press": True,
        "has_pressed": pressed is not None,
        "waits": waits is not None,
        "counts_from": day_of(waits) if waits else "",
        "public": False,
    }


def _pressed_pill(request: HttpRequest, comment: Comment, done: Any) -> dict[str, Any]:
    """Return the same after a press, with what it did: `done`, and from when the mark counts."""
    comment.refresh_from_db(fields=["well_argued"])
    pill = _pill(request, comment, timezone.now())
    if pill["waits"]:
        done = _("Noted. Your mark counts from %(day)s.") % {"day": pill["counts_from"]}
    return {**pill, "announcement_of_press": done}


def _reasons(request: HttpRequest, comment: Comment) -> Explanation:
    post = comment.post
    shown = shows_totals(post, stances.stance_of(request.user, post))
    return Explanation.of(comment, post, timezone.now(), shows_totals=shown)


def _show(
    request: HttpRequest, comment: Comment, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    reader = Reader.of(request.user, comment.post, now)
    context = {
        "comment": comment,
        "post": comment.post,
        "question": comment.post.question_or_none,
        "reasons": _reasons(request, comment),
        "refusal": refusal,
        "may_press": reader.may_press(comment),
        "is_own": reader.id == comment.author_id,
        "pill": _pill(request, comment, now) if reader.id and reader.may_press(comment) else None,
    }
    return render(request, "comments/well_argued.html", context, status=status)
