"""Show the composer, post and preview comments, answer without a comment, withdraw an answer."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.admission import gate
from accounts.guards import (
    form_page,
    lead_to_sign_up,
    person_asking,
    post_only,
    signed_in,
    writer_required,
)
from accounts.models import Admission, User
from core.csrf import DRAWN_FOR
from core.errors import typed_text
from core.exceptions import ActionRefused
from core.htmx import is_fragment, redirect_for
from core.markdown.html import MarkupRefused
from core.numbers import number
from posts.models import Post

from ..access import get_parent, get_post
from ..actions import comments, stances
from ..actions.comments import Draft, Posted
from ..actions.mentions.text import rendered
from ..draft_places import of_comment
from ..listing import permalinks
from ..models import Comment
from ..rendering import composer as composers
from ..rendering.composer import Composer
from ..rendering.quoting import quotation
from .fragments import posted_fragments, posted_message


@form_page
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the composer; by POST, do what the button that was pressed says (`wish`).

    Signed out, one writes first: what was sent is kept until its writer has signed up or in.
    """
    is_signed_out = not request.user.is_authenticated
    # A form drawn for an account is that of somebody whose session has ended.
    if is_signed_out and not request.POST.get(DRAWN_FOR):
        return _write_first(request, slug)
    if isinstance(request.user, User) and request.user.admission:
        return _write_while_waiting(request, slug)
    return _answer(request, slug)


@writer_required
def _answer(request: HttpRequest, slug: str) -> HttpResponse:
    post = get_post(request.user, slug)
    if request.method != "POST":
        return _show(request, _requested_composer(request, post))
    composer = _sent_composer(request, post)
    if composer.refusal:
        return _show(request, composer, status=404)
    act = _ACTIONS.get(request.POST.get("wish", ""), _post)
    return act(request, composer)


def _write_first(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the composer to somebody signed out, with what has to be mended, or lead to sign-up."""
    if request.method != "POST":
        return _show(request, _requested_composer(request, get_post(request.user, slug)))
    try:
        composer = _sent_composer(request, get_post(request.user, slug))
    except Http404:  # no longer there: its page says so after signing in, with the words
        return lead_to_sign_up(request)
    wish = request.POST.get("wish")
    if composer.is_discussion_closed:
        return _show(request, composer, status=403)
    if wish == "preview":
        return _preview(request, composer)
    if wish == "answer" and not request.POST.get("body", "").strip():
        composer.form.answers_only()
    if composer.refusal or composer.form.is_valid():
        return lead_to_sign_up(request)
    return _show(request, composer, status=422)


@signed_in
def _write_while_waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what waits for the approval of its writer's account, and keep what they change of it."""
    post = get_post(request.user, slug)
    if request.method != "POST":
        return _show(request, _requested_composer(request, post))
    composer = _sent_composer(request, post)
    if request.POST.get("wish") == "preview":
        return _preview(request, composer)
    if composer.is_discussion_closed:
        return _show(request, composer, status=403)
    waits_at = drafts.keep(request)
    if waits_at is None:
        composer.refusal = str(_("Too many tries. Please wait a minute and try again."))
        return _show(request, composer, status=429)
    is_waiting = person_asking(request).admission == Admission.WAITING
    messages.success(
        request,
        _("Kept. You can post it once your account is approved.")
        if is_waiting
        else _("Kept for you alone: your account was not approved."),
    )
    return redirect_for(request, waits_at)


@post_only
@writer_required
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Withdraw the reader's answer; their comments keep their stances."""
    post = get_post(request.user, slug)
    question = post.question_or_none
    if question is None:
        raise Http404
    try:
        comments.answer_question(reader=person_asking(request), question=question, stance=None)
    except ActionRefused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:  # the page of the article is gone, too
            raise
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Your answer is removed. Your comments stay."))
    return redirect(f"{post.get_absolute_url()}#question")


def _requested_composer(request: HttpRequest, post: Post) -> Composer:
    """Return the composer that the address names, with the reader's draft."""
    params = request.GET
    quoted, passage = params.get("quote", ""), params.get("passage", "")
    named = params.get("parent", "") or quoted
    draft = drafts.show(request, named)
    parent = _parent(request, post, named or (draft.parent if draft else ""))
    return composers.blank(
        request.user,
        post,
        parent=parent,
        stance_key=params.get("stance", ""),
        stance=stances.stance_of(request.user, post),
        quotation=quotation(parent, passage) if parent and (quoted or passage) else "",
        draft=draft,
    )


def _sent_composer(request: HttpRequest, post: Post) -> Composer:
    """Return the composer that was sent, with a `refusal` if the comment it answers is gone."""
    try:
        parent = _parent(request, post, request.POST.get("parent", ""))
    except Http404:
        data = request.POST.copy()
        data["parent"] = ""
        gone = composers.filled(request.user, post, data)
        gone.refusal = str(
            _(
                "The comment you are replying to is no longer there. Your words are kept "
                "below: you can post them as a thread of their own."
            )
        )
        return gone
    return composers.filled(request.user, post, request.POST, parent=parent)


def _parent(request: HttpRequest, post: Post, named: str) -> Comment | None:
    """Return the comment with the id `named`; 404 where there is no place for a reply."""
    return get_parent(request.user, post, number(named) or 0) if named else None


def _answer_only(request: HttpRequest, composer: Composer) -> HttpResponse:
    """Record an answer to the question without a comment."""
    question = composer.post.question_or_none
    if question is None:
        raise Http404
    composer.form.answers_only()
    if "stance" not in composer.form.fields or not _stance_is_valid(composer.form):
        return _show(request, composer, status=422)
    if composer.form.data.get("body", "").strip():
        composer.refusal = str(
            _("You have written something. Post it, or clear it to record only your answer.")
        )
        return _show(request, composer, status=422)
    try:
        comments.answer_question(
            reader=person_asking(request),
            question=question,
            stance=composer.form.cleaned_data["stance"],
            seen_totals=_saw_totals(composer),
        )
    except ActionRefused as refused:
        return _refused(request, composer, refused)
    messages.success(request, _("Your answer counts. You can change it whenever you like."))
    return redirect_for(request, f"{composer.post.get_absolute_url()}#question")


def _stance_is_valid(form: Any) -> bool:
    form.is_valid()
    return "stance" not in form.errors


def _preview(request: HttpRequest, composer: Composer) -> HttpResponse:
    """Show the comment as it would look; nothing is written."""
    if not composer.form.is_valid():
        return _show(request, composer, status=422)
    try:
        composer.preview = rendered(composer.form.cleaned_data["body"])
    except MarkupRefused as refused:
        composer.form.add_error("body", str(refused.message))
        return _show(request, composer, status=422)
    return _show(request, composer)


def _post(request: HttpRequest, composer: Composer) -> HttpResponse:
    """Post the comment, with the answer that it gives."""
    if not composer.form.is_valid():
        return _show(request, composer, status=422)
    try:
        posted = comments.post_comment(_as_draft(request, composer))
    except MarkupRefused as refused:
        composer.form.add_error("body", str(refused.message))
        return _show(request, composer, status=422)
    except ActionRefused as refused:
        return _refused(request, composer, refused)
    return _answer_with(request, posted)


# By the name of the button; any other word posts.
_ACTIONS: dict[str, Callable[[HttpRequest, Composer], HttpResponse]] = {
    "answer": _answer_only,
    "preview": _preview,
    "post": _post,
}


def _as_draft(request: HttpRequest, composer: Composer) -> Draft:
    data = composer.form.cleaned_data
    return Draft(
        author=person_asking(request),
        post=composer.post,
        body=data["body"],
        parent=composer.parent,
        stance=data.get("stance"),
        argues_for=data["argues_for"],
        form_key=data["form_key"],
        seen_totals=_saw_totals(composer),
    )


def _saw_totals(composer: Composer) -> str:
    saw = bool(composer.form.cleaned_data.get("saw_totals"))
    return stances.seen_totals(composer.post, saw=saw)


def _answer_with(request: HttpRequest, posted: Posted) -> HttpResponse:
    # A form sent twice: the page that sent it may or may not show the comment already.
    if is_fragment(request) and posted.is_new:
        return posted_fragments(request, posted)
    place = of_comment(posted.comment.post, posted.comment.parent)
    mark = place.mark_of(posted.comment.author_id)
    messages.success(request, posted_message(posted.comment), extra_tags=mark)
    return redirect_for(request, permalinks.page_url(posted.comment))


def _refused(request: HttpRequest, composer: Composer, refused: ActionRefused) -> HttpResponse:
    composer.refusal, composer.refusal_link = refused.message, refused.link
    if refused.status == 404:
        composer.parent = None
    response = _show(request, composer, status=refused.status)
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _show(request: HttpRequest, composer: Composer, status: int = 200) -> HttpResponse:
    """Show the composer: as a fragment for htmx, else as a page."""
    form = "comments/_composer_closed.html" if composer.closed else "comments/_composer.html"
    shown = {
        "composer": composer,
        "post": composer.post,
        # Its words waited for their writer to sign up or in, and are still to be posted.
        "was_kept": drafts.KEPT in request.GET and composer.draft is not None,
        **_kept_words(request, composer),
        "has_no_account": _has_no_account(request, composer),
    }
    template = form if is_fragment(request) else "comments/answer.html"
    return render(request, template, shown, status=status)


def _kept_words(request: HttpRequest, composer: Composer) -> dict[str, Any]:
    """Keep what was sent to a closed discussion as a draft, and return it to be copied.

    `is_kept` says whether it is a draft now, which it never is for somebody signed out.
    """
    typed = typed_text(request) if composer.is_discussion_closed else []
    is_kept = bool(typed) and request.user.is_authenticated and drafts.keep(request) is not None
    return {"typed": typed, "is_kept": is_kept}


def _has_no_account(request: HttpRequest, composer: Composer) -> bool:
    """Return whether only people with an account can post, and nothing was typed yet.

    Then the page asks them to sign in first: what others typed could not be published.
    """
    if not composer.is_of_nobody or composer.form.is_bound:
        return False
    return not gate.joining_of(request).is_open
