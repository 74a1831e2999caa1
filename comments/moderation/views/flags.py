"""The view with which a reader reports a comment."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.guards import form_page, person_asking, writer_required
from accounts.models import KeptForm
from core.exceptions import ActionRefused
from core.htmx import is_fragment

from ...access import get_comment
from ...models import Comment
from .. import actions
from ..actions.flags import flag_in_force
from ..actions.log import text_token
from ..forms import FlagForm


@form_page
@writer_required
def flags(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then report the comment; thank a reader who has reported it already."""
    comment = _readable(request, pk)
    if request.method != "POST":
        return _show_blank(request, comment)
    form = FlagForm(request.POST)
    if not form.is_valid():
        return _show(request, comment, form, status=422)
    try:
        actions.raise_flag(comment, by=person_asking(request), **form.cleaned_data)
    except ActionRefused as refused:
        form.add_error(None, str(refused.message))
        response = _show(request, comment, form, status=refused.status)
        if refused.retry_after is not None:
            response.headers["Retry-After"] = str(refused.retry_after)
        return response
    if is_fragment(request):
        return _show(request, comment, form)
    return redirect(request.path)


def _show_blank(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Show the form as it is first shown, or with the reader's draft."""
    draft = drafts.show(request)
    typed = draft.words if draft else {}
    form = FlagForm(initial={"seen": text_token(comment.body), **typed})
    return _show(request, comment, form, draft=draft)


def _readable(request: HttpRequest, pk: int) -> Comment:
    """Return the comment; 404 unless everyone can read it, 403 for the user's own."""
    comment = get_comment(request.user, pk)
    if not comment.is_readable:
        raise Http404
    if comment.author_id == request.user.pk:
        raise PermissionDenied(
            _("This is your own comment. You can delete it instead of reporting it.")
        )
    return comment


def _show(
    request: HttpRequest,
    comment: Comment,
    form: FlagForm,
    status: int = 200,
    *,
    draft: KeptForm | None = None,
) -> HttpResponse:
    flag = None
    if status == 200:
        flag = flag_in_force(comment, person_asking(request))
    context = {
        "comment": comment,
        "post": comment.post,
        "form": form,
        "flag": flag,
        "draft": draft,
    }
    template = "moderation/_flag.html" if is_fragment(request) else "moderation/flag.html"
    return render(request, template, context, status=status)
