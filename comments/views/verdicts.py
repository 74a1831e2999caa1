"""Show and give verdicts on a steelman: is it fair to the answer it argues for?"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.guards import form_page, person_asking, post_only, writer_required
from core.exceptions import ActionRefused

from ..access import get_comment
from ..actions import settling, stances, steelmen
from ..listing import permalinks
from ..models import Comment
from ..permissions import Reader
from ..ranking import constants
from ..ranking.stored_columns import VerdictCount
from ..rendering.totals import why_no_sides

# The values of the buttons.
SAID = {"yes": True, "no": False}


@form_page
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the verdicts on a steelman; by POST, give one."""
    if request.method == "POST":
        return _judge(request, pk)
    return _show(request, _steelman(request, pk))


@writer_required
def _judge(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _steelman(request, pk)
    is_fair = SAID.get(request.POST.get("is_fair", ""))
    if is_fair is None:
        return _show(request, comment, refusal=_("Please say: fair, or not quite."), status=422)
    done = _("Noted: fair.") if is_fair else _("Noted: not quite.")
    return _change(request, comment, done, steelmen.judge, is_fair=is_fair)


@post_only
@writer_required
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own verdict, also after changing one's answer."""
    return _change(request, _steelman(request, pk), _("Taken back."), steelmen.take_back)


def _change(
    request: HttpRequest, comment: Comment, done: Any, change: Callable[..., bool], **said: bool
) -> HttpResponse:
    try:
        change(comment, by=person_asking(request), **said)
    except ActionRefused as refused:
        return _show(request, comment, refusal=refused.message, status=refused.status)
    messages.success(request, done)
    return redirect(permalinks.page_url(comment))


def _steelman(request: HttpRequest, pk: int) -> Comment:
    """Return a steelman that everyone can read; 404 for all other comments."""
    comment = get_comment(request.user, pk)
    if comment.argues_for_id is None or not comment.is_readable:
        raise Http404(_("There is nothing to judge here."))
    return comment


def _show(
    request: HttpRequest, comment: Comment, *, refusal: Any = "", status: int = 200
) -> HttpResponse:
    reader = Reader.of(request.user, comment.post)
    own = stances.stance_of(request.user, comment.post)
    said = steelmen.verdict_of(comment, person_asking(request)) if reader.id else None
    context = {
        "comment": comment,
        "post": comment.post,
        "tally": VerdictCount.parse(comment.verdicts),
        "hidden": why_no_sides(comment.post, own),
        "needed": constants.FAIR_JUDGES,
        "dropped": comment.revisions.filter(dropped_verdicts__gt=0)
        .defer("body", "body_html")
        .last(),
        "refusal": refusal,
        "may_judge": reader.may_judge(comment, own.pk if own else None),
        "answers_otherwise": own is None or own.pk != comment.argues_for_id,
        "is_own": reader.id == comment.author_id,
        "said": said,
        "waits_until": settling.waits_until(said, request.user, timezone.now()),
        "is_left": settling.is_left(said),
    }
    return render(request, "comments/verdict.html", context, status=status)
