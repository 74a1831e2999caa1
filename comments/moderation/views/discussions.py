"""Views that close the discussion of an article and open it again."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.guards import form_page, person_asking, post_only, writer_required
from posts.models import Post

from ...access import get_post
from ...models.moderation import Action, Decision
from ...permissions import can_close
from .. import actions, sentences, undo_messages
from ..actions import Outcome
from ..forms import CloseForm, OpenForm, ReasonForm
from ..permissions import can_end, can_overrule

# Ids of the fields that open a discussion: the page can have a form that closes it, too.
_END_ID = "end-%s"


@form_page
@writer_required
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Show whether a discussion is open or closed, and close it with a reason."""
    post = _to_close(request, slug)
    if request.method != "POST":
        return _show(request, post)
    return _decide(request, post, CloseForm(request.POST, post=post), actions.close_discussion)


@post_only
@writer_required
def open_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a closed discussion again with a reason."""
    post = _to_close(request, slug)
    form = OpenForm(request.POST, auto_id=_END_ID)
    return _decide(request, post, form, actions.open_discussion)


def _to_close(request: HttpRequest, slug: str) -> Post:
    """Return the post; 404 if it is invisible, 403 if the user may not close its discussion."""
    post = get_post(request.user, slug)
    if not can_close(request.user, post):
        raise PermissionDenied(
            _("Only moderators and the authors of a published article close its discussion.")
        )
    return post


def _decide(
    request: HttpRequest, post: Post, form: ReasonForm, action: Callable[..., Outcome]
) -> HttpResponse:
    """Carry out `action` with the reason in `form`, or show what is missing."""
    if not form.is_valid():
        return _show(request, post, form, status=422)
    outcome = action(post, by=person_asking(request), **form.cleaned_data)
    _say(request, outcome)
    return redirect(f"{post.get_absolute_url()}#discussion")


def _say(request: HttpRequest, outcome: Outcome) -> None:
    """Say on the next page what was decided, and offer to undo what this request has done."""
    done = outcome.decision
    if done and outcome.is_new:
        undo_messages.say(request, done)
        return
    said = sentences.decided(done) if done else str(_("That was done already."))
    messages.success(request, said)


def _show(
    request: HttpRequest, post: Post, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the state of the discussion, and the form for what the user can do from it."""
    is_closed = post.closed_at is not None
    kind = OpenForm if is_closed else CloseForm
    history = Decision.objects.filter(post=post, action__in=[Action.CLOSE, Action.OPEN])
    history = history.select_related("by", "note", "sentence_to_readers").order_by("-id")
    seen = {"seen": history[0].pk} if history else {}
    blank: ReasonForm = CloseForm(post=post)
    over = None
    if is_closed:
        blank = OpenForm(initial=seen, auto_id=_END_ID)
        if can_overrule(request.user, history.first(), post):
            over = form if isinstance(form, CloseForm) else CloseForm(post=post)
    context = {
        "post": post,
        "is_closed": is_closed,
        "may_end": not is_closed or can_end(request.user, history.first(), post),
        # A form for what somebody else has done in the meantime is of no use.
        "form": form if isinstance(form, kind) else blank,
        "over": over,
        "url": reverse(f"comments:discussion-{'open' if is_closed else 'close'}", args=[post.slug]),
        "history": history,
    }
    return render(request, "moderation/discussion.html", context, status=status)
