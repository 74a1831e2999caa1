"""Show the closing summary of a discussion; write and judge it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import drafts
from accounts.guards import form_page, person_asking, post_only, writer_required
from accounts.models import KeptForm
from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused
from core.numbers import number
from posts.models import Post
from posts.pages import page_versions

from ..access import get_post
from ..closings import judging, writing
from ..closings.form import Sheet
from ..closings.page import ClosingPage
from ..closings.writing import ClosingDraft
from ..draft_places import of_closing
from ..models import Closing
from ..permissions import wrote_post

FAIR, NOT_QUITE = "fair", "not_quite"


@require_safe
def closing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the closing summary, its citations and its verdicts."""
    edition = page_versions.edition_for(request)
    post = _post(request, slug)
    newest = _closing(post)
    if post.is_published():
        page_versions.allow_caching(request, edition, [post])
    return _show(request, post, newest)


@form_page
@writer_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the summary and choose its citations, as one of the post's authors."""
    post = _post(request, slug)
    if not wrote_post(person_asking(request), post):
        raise PermissionDenied(
            _("Only the authors of this article can sum it up. You can judge it.")
        )
    draft = drafts.show(request)
    sheet, refusal = _sheet(request, post, draft)
    if request.method != "POST":
        return _show_sheet(request, post, sheet, refusal=refusal, draft=draft)
    if not sheet.is_valid():
        return _show_sheet(request, post, sheet, refusal=refusal, status=422)
    try:
        written = writing.write(_text(request, post, sheet))
    except MarkupRefused as refused:
        sheet.form.add_error("body", str(refused.message))
        return _show_sheet(request, post, sheet, status=422)
    except ActionRefused as refused:
        return _refused(request, post, sheet, refused)
    mark = of_closing(post).mark_of(person_asking(request).pk)
    messages.success(request, _saved_message(sheet), extra_tags=mark)
    return redirect(written)


@form_page
@writer_required
def verdict(request: HttpRequest, slug: str) -> HttpResponse:
    """Judge as a reader whether the summary is fair; GET redirects to it."""
    post = _post(request, slug)
    newest = _closing(post)
    if request.method != "POST":
        return redirect(newest)
    said = request.POST.get("said", "")
    if said not in {FAIR, NOT_QUITE}:
        refusal = str(_("Please say whether the summary is fair, or not quite."))
        return _show(request, post, newest, refusal=refusal, status=422)
    try:
        judging.judge(
            _judged(request, post, newest), by=person_asking(request), is_fair=said == FAIR
        )
    except ActionRefused as refused:
        return _show(request, post, _closing(post), refusal=refused.message, status=refused.status)
    messages.success(request, _("Noted. You can change it until the summary changes."))
    return redirect(newest)


@post_only
@writer_required
def withdrawal(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back one's own verdict on the summary."""
    newest = _closing(_post(request, slug))
    judging.take_back(newest, by=person_asking(request))
    messages.success(request, _("Taken back."))
    return redirect(newest)


def _post(request: HttpRequest, slug: str) -> Post:
    post = get_post(request.user, slug)
    if post.question_or_none is None:
        raise Http404(_("This article asks no question."))
    return post


def _closing(post: Post) -> Closing:
    """Return the newest version; 404 while there is none, and once its words are erased."""
    found = judging.newest(post)
    if found is None or not found.beginning:
        raise Http404(_("Nobody has summed up this discussion yet."))
    return found


def _judged(request: HttpRequest, post: Post, newest: Closing) -> Closing:
    """Return the version that the reader judged."""
    named = number(request.POST.get("version", ""))
    if named == newest.number:
        return newest
    earlier = post.closings.filter(number=named or 0).first()
    if earlier is None:
        raise ActionRefused(judging.CHANGED, status=409)
    earlier.post = post
    return earlier


def _sheet(request: HttpRequest, post: Post, draft: KeptForm | None) -> tuple[Sheet, str]:
    """Return the sheet, sent or new, and the reason why nothing can be written yet."""
    before = judging.newest(post)
    data = request.POST if request.method == "POST" else None
    typed = draft.fields if draft and not draft.is_thrown_away else None
    try:
        live, refusal = writing.live_or_refuse(post), ""
    except ActionRefused as refused:
        live, refusal = [], refused.message
    return Sheet(post, before, live, data, typed), refusal


def _text(request: HttpRequest, post: Post, sheet: Sheet) -> ClosingDraft:
    return ClosingDraft(
        post=post,
        author=person_asking(request),
        body=sheet.form.cleaned_data["body"],
        comments=sheet.comments,
        based_on=sheet.based_on,
        closes=sheet.form.cleaned_data.get("closes", False),
    )


def _saved_message(sheet: Sheet) -> str:
    if sheet.form.cleaned_data.get("closes"):
        return str(
            _(
                "Saved, and the discussion is closed. Readers of every answer still say whether "
                "your summary is fair."
            )
        )
    return str(_("Saved. Now readers of every answer say whether it is fair."))


def _refused(
    request: HttpRequest, post: Post, sheet: Sheet, refused: ActionRefused
) -> HttpResponse:
    """Show the sheet again with the refusal; after a conflict it can be saved once more."""
    newest = judging.newest(post)
    if refused.status == 409 and newest is not None:
        sheet.take_as_newest(newest.number)
    return _show_sheet(request, post, sheet, refusal=refused.message, status=refused.status)


def _show_sheet(
    request: HttpRequest,
    post: Post,
    sheet: Sheet,
    *,
    refusal: str = "",
    status: int = 200,
    draft: KeptForm | None = None,
) -> HttpResponse:
    context = {
        "post": post,
        "sheet": sheet,
        "refusal": refusal,
        "before": judging.newest(post),
        "draft": draft,
    }
    return render(request, "comments/closing/edit.html", context, status=status)


def _show(
    request: HttpRequest, post: Post, newest: Closing, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    page: Any = ClosingPage.of(request.user, post, newest)
    context = {"post": post, "page": page, "closing": newest, "refusal": refusal}
    return render(request, "comments/closing/page.html", context, status=status)
