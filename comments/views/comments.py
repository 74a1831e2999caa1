"""Show, edit and delete one comment, and show its earlier texts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import drafts
from accounts.guards import form_page, person_asking, signed_in, writer_required
from accounts.models import KeptForm
from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused

from .. import permissions
from ..access import get_comment_for, get_own
from ..actions import comments, edits, steelmen
from ..draft_places import of_edit
from ..forms import EditForm
from ..listing import permalinks
from ..models import Comment, CommentState
from ..moderation.sentences import held_sentence


@require_safe
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole text of a long comment."""
    comment = _readable_comment(request, pk)
    return render(request, "comments/text.html", {"comment": comment, "post": comment.post})


@require_safe
def text_fragment(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the whole text alone, to replace its beginning in a discussion.

    An address of its own: what may be stored must not depend on the headers of htmx.
    """
    comment = _readable_comment(request, pk)
    return render(request, "comments/_text.html", {"comment": comment, "is_fragment": True})


@form_page
@writer_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the text of one's own comment, and for a while its stance."""
    comment = get_comment_for(
        request.user,
        pk,
        permissions.can_edit,
        _("You can edit only your own comments, for a day after you post them."),
    )
    draft = drafts.show(request)
    form = _edit_form(request, comment, draft)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            edited = edits.edit_comment(
                comment,
                by=person_asking(request),
                body=form.cleaned_data["body"],
                stance=form.cleaned_data.get("stance"),
                argues_for=form.cleaned_data.get("argues_for"),
            )
        except MarkupRefused as refused:
            form.add_error("body", str(refused.message))
            status = 422
        except ActionRefused as refused:
            form.add_error(None, refused.message)
            status = refused.status
        else:
            mark = of_edit(edited).mark_of(person_asking(request).pk)
            messages.success(request, _edited_message(edited), extra_tags=mark)
            return redirect(permalinks.page_url(edited))
    context = {
        "form": form,
        "draft": draft,
        "comment": comment,
        "post": comment.post,
        "history_is_public": edits.leaves_public_history(comment),
    }
    return render(request, "comments/edit.html", context, status=status)


def _edited_message(edited: Comment) -> str:
    """Return the message to the writer of an edited comment, which may wait for approval now."""
    if edited.state == CommentState.HELD:
        return f"{_('Your comment is changed.')} {held_sentence(edited.held_reason)}"
    return str(_("Your comment is changed."))


@form_page
@signed_in
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then delete one's own comment; suspended people may do so, too.

    Under an article that was taken back as well, whose title and place are shown to nobody.
    """
    comment = get_own(person_asking(request), pk)
    is_out = comment.post.is_published()
    if comment.is_deleted:
        return redirect(comment if is_out else "comments:my-comments")
    if request.method != "POST":
        return render(request, "comments/delete.html", {"comment": comment, "post": comment.post})
    comments.delete_comment(comment)
    messages.success(request, _("Your comment is deleted."))
    if not is_out:
        return redirect("comments:my-comments")
    return redirect(f"{comment.post.get_absolute_url()}#discussion")


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the earlier texts of a comment that the reader may read."""
    comment = get_comment_for(request.user, pk, permissions.can_see_history)
    revisions = comment.revisions.readable_by(request.user).order_by("-number")
    context = {"comment": comment, "post": comment.post, "revisions": revisions}
    return render(request, "comments/history.html", context)


def _readable_comment(request: HttpRequest, pk: int) -> Comment:
    """Return the comment; 404 if its place is invisible, 403 if its text may not be read."""
    refusal = _("This comment can no longer be read.")
    return get_comment_for(request.user, pk, permissions.can_read, refusal)


def _edit_form(request: HttpRequest, comment: Comment, draft: KeptForm | None) -> EditForm:
    stances = targets = None
    if permissions.can_correct_stance(request.user, comment) and comment.stance:
        offered = comment.stance.question.stances.filter(is_offered=True)
        if comment.argues_for is None:
            stances = offered
        elif "argues_for" in request.POST or not steelmen.is_target_fixed(comment):
            targets = offered.exclude(pk=comment.stance.pk)
    initial = {
        "body": comment.body,
        "stance": comment.stance.key if comment.stance else None,
        "argues_for": comment.argues_for.key if comment.argues_for else None,
    }
    typed = draft.words if draft else {}
    data = request.POST if request.method == "POST" else None
    return EditForm(data, initial={**initial, **typed}, stances=stances, targets=targets)
