"""Show what was understood of an article that was brought in, before anybody else sees it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import admin_required, form_page, person_asking
from accounts.models import User
from core.db.transactions import retried

from .. import actions
from ..actions import StanceInput, default_stances
from ..importing.answers import as_text, doubt_about
from ..models import Post, PostState
from ..studio.access import get_post
from ..studio.forms.base import attempt
from ..studio.preview import preview_url
from ..text.plain_text import PARAGRAPHS, shown_text, to_markdown
from .setup_forms import ReadingForm

PUBLISH = "publish"


@form_page
@admin_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft with its question and answers to mend, and publish it or keep it a draft."""
    by = person_asking(request)
    post = get_post(by, pk)
    if post.state() != PostState.DRAFT:
        return redirect("posts:studio-post", pk=post.pk)
    if request.method != "POST":
        form = ReadingForm(drafts.take(request, request.path), initial=_understood(post))
        return _show(request, post, form)
    form = ReadingForm(request.POST, initial=_understood(post))
    is_out = request.POST.get("act") == PUBLISH
    if attempt(form, lambda: _save(post, form, by=by, is_out=is_out)) is None:
        return _show(request, post, form)
    if is_out:
        messages.success(request, _("Published. Readers see this text now."))
        return redirect(post)
    messages.success(request, _("Saved as a draft. Only its authors can see it."))
    return redirect("posts:studio-post", pk=post.pk)


def _understood(post: Post) -> dict[str, str]:
    """Return the question, and its answers unless they are the site's and do not fit."""
    question = post.question_or_none
    offered = question.offered if question and not doubt_about(post) else []
    return {"question": str(question or ""), "answers": as_text(offered)}


@retried
def _save(post: Post, form: ReadingForm, *, by: User, is_out: bool) -> Post:
    """Save the question and its answers, and publish the post if it `is_out`."""
    question, stances = form.cleaned_data["question"], form.cleaned_data["stances"]
    if question:
        stances = stances or _as_they_are(post)
        actions.set_question(post, text=question, stances=stances)
    elif post.question_or_none is not None:
        _put_back(post, by=by)
    return actions.publish(post, by=by) if is_out else post


def _as_they_are(post: Post) -> list[StanceInput]:
    """Return the answers of the draft `post`, else the site's, for authors to choose later."""
    question = post.question_or_none
    if question is None:
        return default_stances()
    return [
        StanceInput(each.key, each.word, each.shape, each.colour, each.meaning)
        for each in question.offered
    ]


def _put_back(post: Post, *, by: User) -> None:
    """Ask nothing, and end the text of `post` with the words of its question if they left it."""
    newest, words = post.newest_revision, str(post.question)
    actions.remove_question(post)
    if newest is not None and words not in shown_text(newest.body):
        body = f"{newest.body.rstrip()}\n\n{to_markdown(words)}"
        actions.save_draft(
            post,
            by=by,
            title=newest.title,
            standfirst=newest.standfirst,
            body=body,
            language=post.language,
            direction=post.direction,
        )


def _show(request: HttpRequest, post: Post, form: ReadingForm) -> HttpResponse:
    newest, question = post.newest_revision, post.question_or_none
    body = newest.body if newest else ""
    context: dict[str, Any] = {
        "post": post,
        "form": form,
        "words": len(body.split()),
        "paragraphs": len(PARAGRAPHS.split(body.strip())),
        "doubt": doubt_about(post),
        "asks": question is not None,
        "preview": preview_url(post),
    }
    return render(request, "posts/site_settings/reading.html", context, status=form.status)
