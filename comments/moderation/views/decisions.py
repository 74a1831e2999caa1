"""Views of decisions about comments and threads; each creates or ends a small resource."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.guards import form_page, moderator_required, person_asking, post_only, writer_required
from core.errors import typed_text
from core.exceptions import ActionRefused
from core.htmx import is_fragment, redirect_for
from core.numbers import number
from posts.models import Stance

from ...access import get_comment_for
from ...models import Comment
from .. import actions, permissions, sentences
from ..actions import Outcome
from ..context import forget_counts
from ..forms import RemovalForm, RetagForm
from . import desk

Act = Callable[[], Outcome]

_NOT_YOURS = _("Only moderators decide about comments, and never about their own.")


@post_only
@writer_required
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a held comment."""
    comment = _to_decide(request, pk)
    by, seen = person_asking(request), _seen(request)
    return carry_out(request, comment, lambda: actions.approve(comment, by=by, seen=seen))


@post_only
@writer_required
def approval_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an approval: hold the comment again, or open its flags again."""
    comment = _to_decide(request, pk)
    by, seen = person_asking(request), _seen(request)
    return carry_out(request, comment, lambda: actions.reopen(comment, by=by, seen=seen))


@form_page
@writer_required
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then remove a comment."""
    comment = _to_decide(request, pk)
    if request.method != "POST":
        return desk.show(request, desk.queue_of(request, request.GET), pk, removing=True)
    form = RemovalForm(request.POST, auto_id=f"remove-{pk}-%s", comment=comment)
    if not form.is_valid():
        queue = desk.queue_of(request, request.POST)
        return desk.show(request, queue, pk, form=form, status=422)
    return carry_out(
        request,
        comment,
        lambda: actions.remove(
            comment,
            by=person_asking(request),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            seen=_seen(request),
            with_replies=form.cleaned_data.get("with_replies", False),
        ),
    )


@post_only
@writer_required
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore a removed comment."""
    comment = _to_decide(request, pk)
    by, seen = person_asking(request), _seen(request)
    return carry_out(request, comment, lambda: actions.restore(comment, by=by, seen=seen))


@post_only
@moderator_required
def dismissal(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the flags of a comment without changing it."""
    comment = _to_decide(request, pk)
    by, seen = person_asking(request), _seen(request)
    return carry_out(request, comment, lambda: actions.dismiss(comment, by=by, seen=seen))


@post_only
@moderator_required
def dismissal_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a dismissal: open the flags again."""
    comment = _to_decide(request, pk)
    by, seen = person_asking(request), _seen(request)
    return carry_out(request, comment, lambda: actions.reopen(comment, by=by, seen=seen))


@post_only
@writer_required
def retag(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the answer of a comment that was filed wrongly."""
    comment = _to_decide(request, pk)
    question = comment.stance.question_id if comment.stance else None
    others = Stance.objects.filter(question=question).exclude(steelmen=comment)
    form = RetagForm(request.POST, stances=others)
    if not form.is_valid():
        notice = " ".join(str(error) for error in form["stance"].errors)
        queue = desk.queue_of(request, request.POST)
        return desk.show(request, queue, pk, notice=notice, status=422)
    stance, by = form.cleaned_data["stance"], person_asking(request)
    return carry_out(
        request,
        comment,
        lambda: actions.retag(comment, by=by, stance=stance, seen=_seen(request)),
    )


def _to_decide(request: HttpRequest, pk: int) -> Comment:
    """Return the comment; 404 if it is invisible, 403 if the user may not decide."""
    return get_comment_for(request.user, pk, permissions.can_judge, _NOT_YOURS)


def _seen(request: HttpRequest) -> str:
    """Return the token of what the form showed (`actions.seen_token`), or what an undo is of."""
    return request.POST.get("seen", "")


def carry_out(request: HttpRequest, comment: Comment, act: Act, url: str = "") -> HttpResponse:
    """Call `act` and respond: on the moderation page with the next case, else with `url`.

    Without a `url` that is the comment. A refusal is shown with what was typed: on the moderation
    page, or for those who have none, by raising it again (`accounts.guards`).
    """
    try:
        outcome = act()
    except ActionRefused as refused:
        if refused.status == 403 or not permissions.can_moderate(request.user):
            raise
        queue = desk.queue_of(request, request.POST)
        return desk.show(
            request,
            queue,
            comment.pk,
            notice=str(refused.message),
            typed=typed_text(request),
            status=refused.status,
        )
    forget_counts()
    done = outcome.decision
    said = sentences.decided(done) if done else str(_("That was done already."))
    if "desk" in request.POST:
        return _next_case(request, comment, "" if outcome.is_new else said)
    messages.success(request, said)
    return redirect_for(request, url or comment.get_absolute_url())


def _next_case(request: HttpRequest, comment: Comment, notice: str) -> HttpResponse:
    """Show the case that the form names as next if it still waits, else the first."""
    queue = desk.queue_of(request, request.POST)
    waiting = [row.pk for row in queue.page]
    wanted = number(request.POST.get("next", ""))
    if wanted not in waiting and wanted != comment.pk:
        wanted = waiting[0] if waiting else None
    url = queue.url if wanted is None else queue.case_url(wanted)
    if not is_fragment(request):
        if notice:
            messages.info(request, notice)
        return redirect(url)
    response = desk.show(request, queue, wanted, notice=notice)
    response.headers["HX-Push-Url"] = url
    return response
