"""Show changes of mind and their credits; give, confirm, dispute and revoke them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.guards import form_page, person_asking, post_only, writer_required
from accounts.models import KeptForm
from core import text
from core.exceptions import ActionRefused
from posts.models import Post
from posts.text.paragraphs import paragraph_of, paragraphs

from ..access import ask_again, get_comment, get_post
from ..actions import changes_of_mind, stances
from ..actions.changes_of_mind import Credit, SaidTooEarly
from ..draft_places import of_change
from ..forms import ChangeForm
from ..models import ChangeKind, ChangeOfMind, Comment
from ..moderation.permissions import can_moderate
from ..permissions import can_write
from ..rendering.context import shows_totals

# Changes of mind on a page: as many as are read at once; the newest come first.
SHOWN = 100
# The fields of a change of mind that wait until it can be said.
_KEPT = ("kind", "stance", "words")


@form_page
def of_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the changes of mind that credit a comment; by POST, give one."""
    comment = get_comment(request.user, pk)
    if not comment.is_readable or comment.post.question_or_none is None:
        raise Http404(_("This comment is no longer there."))
    if request.method == "POST":
        return _give(request, comment.post, comment)
    return _show_blank(request, comment.post, comment)


@form_page
def of_post(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the changes of mind under a post; by POST, credit a paragraph."""
    post = get_post(request.user, slug)
    if post.question_or_none is None:
        raise Http404(_("This article asks no question."))
    if request.method == "POST":
        return _give(request, post, None)
    return _show_blank(request, post, None)


@writer_required
def _give(request: HttpRequest, post: Post, comment: Comment | None) -> HttpResponse:
    ask_again(request.user, post.pk)
    form = ChangeForm(request.POST, stances=post.question.stances.all())
    paragraph = "" if comment else paragraph_of(post.live_html(), request.POST.get("paragraph", ""))
    if comment is None and not paragraph:
        form.add_error(None, _("Please choose the paragraph that moved you."))
    if not form.is_valid():
        return _show(request, post, comment, form, status=422)
    data = form.cleaned_data
    credit = Credit(
        giver=person_asking(request),
        post=post,
        kind=ChangeKind(data["kind"]),
        words=data["words"],
        was=data["was"],
        to=data["stance"],
        comment=comment,
        paragraph=paragraph,
    )
    try:
        changes_of_mind.give(credit)
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        if isinstance(refused, SaidTooEarly) and drafts.keep(request, _kept(comment)):
            form.add_error(None, _("Your words are kept on this page, also when you leave it."))
        return _show(request, post, comment, form, status=refused.status)
    mark = of_change(post, comment).mark_of(credit.giver.pk)
    messages.success(request, _("Thank you. The writer will hear about it."), extra_tags=mark)
    return redirect(request.path)


def _kept(comment: Comment | None) -> tuple[str, ...]:
    """Return the fields that wait; all have been checked."""
    return _KEPT if comment else (*_KEPT, "paragraph")


@post_only
@writer_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or dispute a change of mind as the credited writer."""
    change = _change(request, pk)
    if change.comment is None or change.comment.author_id != person_asking(request).pk:
        raise PermissionDenied(_("Only the writer can confirm that this was the point."))
    note = text.clean(request.POST.get("note", "")).strip()
    agrees = request.POST.get("said") == "yes"
    if not agrees and not 0 < len(note) <= changes_of_mind.NOTE_MAX:
        raise ActionRefused(
            _("Please say in a line of at most %(most)d characters what your point was.")
            % {"most": changes_of_mind.NOTE_MAX}
        )
    try:
        if note:
            text.check(note)
    except text.UnsafeText as unsafe:
        raise ActionRefused(unsafe.message) from unsafe
    changes_of_mind.answer(change, agrees=agrees, note=note)
    messages.success(request, _("Thank you. Your line is shown beside their words."))
    return redirect(change)


@post_only
@writer_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one's own change of mind within a day; the answer stays as it is."""
    change = _change(request, pk, shown_only=False)
    if change.giver_id != person_asking(request).pk:
        raise PermissionDenied(_("You can take back only what you said yourself."))
    changes_of_mind.revoke(change)
    messages.success(request, _("Taken back. Your answer stays as it is."))
    return redirect(change)


def _change(request: HttpRequest, pk: int, *, shown_only: bool = True) -> ChangeOfMind:
    rows = ChangeOfMind.objects.readable() if shown_only else ChangeOfMind.objects.all()
    rows = rows.filter(post__in=Post.objects.visible_to(request.user))
    change = get_object_or_404(rows.with_words_for(request.user), pk=pk)
    ask_again(request.user, change.post_id)
    return change


def _show_blank(request: HttpRequest, post: Post, comment: Comment | None) -> HttpResponse:
    """Show the form with the reader's draft, or empty."""
    own = stances.stance_of(request.user, post)
    draft = drafts.show(request)
    typed = draft.words if draft else {}
    initial = {**typed, "was": own.key if own else ""}
    form = ChangeForm(stances=post.question.stances.all(), initial=initial)
    return _show(request, post, comment, form, draft=draft)


def _show(
    request: HttpRequest,
    post: Post,
    comment: Comment | None,
    form: ChangeForm,
    status: int = 200,
    *,
    draft: KeptForm | None = None,
) -> HttpResponse:
    changes = ChangeOfMind.objects.shown().filter(post=post).with_words_for(request.user)
    own = stances.stance_of(request.user, post)
    is_own = comment is not None and comment.author_id == request.user.pk
    context: dict[str, Any] = {
        "post": post,
        "comment": comment,
        "changes": (changes.filter(comment=comment) if comment else changes)[:SHOWN],
        "form": form,
        "draft": draft,
        "own": own,
        "shows_answers": shows_totals(post, own),
        "is_own": is_own,
        "may_moderate": can_moderate(request.user),
        "may_give": can_write(request.user) and own is not None and not is_own,
        "paragraphs": [] if comment else paragraphs(post.live_html()),
        "chosen": request.POST.get("paragraph")
        or request.GET.get("paragraph")
        or form.initial.get("paragraph", ""),
    }
    return render(request, "comments/changes.html", context, status=status)
