"""Answering: the page with the composer, posting, answering without a comment, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import drafts
from accounts.guards import person_asking, writer_required
from core.exceptions import ActionRefused
from core.htmx import is_fragment, redirect_for
from core.markdown.html import MarkupRefused, Profile
from core.markdown.html import render as render_markup
from posts.models import Post

from ..access import get_parent, get_post
from ..actions import comments, stances
from ..actions.comments import Draft, Posted
from ..listing import permalinks
from ..listing.query_params import number
from ..models import Comment
from ..rendering import composer
from ..rendering.composer import Composer
from .fragments import posted_fragments, posted_message


@require_http_methods(["GET", "HEAD", "POST"])
@writer_required
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the composer; post a comment, preview it, or answer without one."""
    post = get_post(request.user, slug)
    if request.method != "POST":
        return _show(request, _composer_asked_for(request, post))
    draft = _parent_and_composer(request, post)
    if draft.refusal:
        return _show(request, draft, status=404)
    wish = request.POST.get("wish", "post")
    if wish == "answer":
        return _answer_only(request, draft)
    if not draft.form.is_valid():
        return _show(request, draft, status=422)
    return _preview(request, draft) if wish == "preview" else _post(request, draft)


@require_POST
@writer_required
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Withdraw the reader's answer; their comments keep the stance they were written with."""
    post = get_post(request.user, slug)
    question = post.question_or_none
    if question is None:
        raise Http404
    try:
        comments.answer_question(reader=person_asking(request), question=question, stance=None)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Your answer is withdrawn. Your comments stay as they are."))
    return redirect(f"{post.get_absolute_url()}#question")


def _composer_asked_for(request: HttpRequest, post: Post) -> Composer:
    """Return the composer that the address asks for, with what was typed before signing in."""
    typed = drafts.take(request, request.path)
    asked: QueryDict = typed or request.GET
    parent = _parent(request, post, asked.get("parent", ""))
    if typed is not None:
        return composer.filled(request.user, post, typed, parent=parent)
    return composer.blank(
        request.user,
        post,
        parent=parent,
        stance_key=asked.get("stance", ""),
        stance=stances.stance_of(request.user, post),
    )


def _parent_and_composer(request: HttpRequest, post: Post) -> Composer:
    """Return the composer that was sent; its `refusal` says if what it answers is gone."""
    try:
        parent = _parent(request, post, request.POST.get("parent", ""))
    except Http404:
        data = request.POST.copy()
        data["parent"] = ""
        gone = composer.filled(request.user, post, data)
        gone.refusal = str(
            _(
                "The comment you answer is no longer there. Your words are kept below; "
                "you can post them as a thread of their own."
            )
        )
        return gone
    return composer.filled(request.user, post, request.POST, parent=parent)


def _parent(request: HttpRequest, post: Post, named: str) -> Comment | None:
    """Return the comment that `named`, an id, answers; 404 for one that nobody can answer."""
    return get_parent(request.user, post, number(named) or 0) if named else None


def _answer_only(request: HttpRequest, draft: Composer) -> HttpResponse:
    question = draft.post.question_or_none
    if question is None:
        raise Http404
    draft.form.answers_only()
    if "stance" not in draft.form.fields or not _stance_is_valid(draft.form):
        return _show(request, draft, status=422)
    if draft.form.data.get("body", "").strip():
        draft.refusal = str(_("You have written something. Post it, or clear it to only answer."))
        return _show(request, draft, status=422)
    try:
        comments.answer_question(
            reader=person_asking(request),
            question=question,
            stance=draft.form.cleaned_data["stance"],
            seen_totals=_seen(draft),
        )
    except ActionRefused as refused:
        return _refused(request, draft, refused)
    messages.success(request, _("Your answer counts. You can change it whenever you like."))
    return redirect_for(request, f"{draft.post.get_absolute_url()}#question")


def _stance_is_valid(form: Any) -> bool:
    form.is_valid()
    return "stance" not in form.errors


def _preview(request: HttpRequest, draft: Composer) -> HttpResponse:
    try:
        draft.preview = render_markup(draft.form.cleaned_data["body"], Profile.COMMENT)
    except MarkupRefused as refused:
        draft.form.add_error("body", str(refused.message))
        return _show(request, draft, status=422)
    return _show(request, draft)


def _post(request: HttpRequest, draft: Composer) -> HttpResponse:
    try:
        posted = comments.post_comment(_as_draft(request, draft))
    except MarkupRefused as refused:
        draft.form.add_error("body", str(refused.message))
        return _show(request, draft, status=422)
    except ActionRefused as refused:
        return _refused(request, draft, refused)
    return _answer_with(request, posted)


def _as_draft(request: HttpRequest, draft: Composer) -> Draft:
    data = draft.form.cleaned_data
    return Draft(
        author=person_asking(request),
        post=draft.post,
        body=data["body"],
        parent=draft.parent,
        stance=data.get("stance"),
        argues_for=data["argues_for"],
        form_key=data["form_key"],
        seen_totals=_seen(draft),
    )


def _seen(draft: Composer) -> str:
    return stances.seen_totals(draft.post, saw=bool(draft.form.cleaned_data.get("saw_totals")))


def _answer_with(request: HttpRequest, posted: Posted) -> HttpResponse:
    # Sent again, perhaps after the first answer was lost: this page may or may not show it yet.
    if is_fragment(request) and posted.is_new:
        return posted_fragments(request, posted)
    messages.success(request, posted_message(posted.comment))
    return redirect_for(request, permalinks.page_url(posted.comment))


def _refused(request: HttpRequest, draft: Composer, refused: ActionRefused) -> HttpResponse:
    draft.refusal, draft.refusal_link = refused.message, refused.link
    if refused.status == 404:
        draft.parent = None
    response = _show(request, draft, status=refused.status)
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _show(request: HttpRequest, draft: Composer, status: int = 200) -> HttpResponse:
    """Show the composer: alone for htmx, else as a page of its own."""
    template = "comments/_composer.html" if is_fragment(request) else "comments/answer.html"
    return render(request, template, {"composer": draft, "post": draft.post}, status=status)
