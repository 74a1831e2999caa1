"""Serve the set-up of a new site: its name and tagline, then a first article or series."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import drafts
from accounts.guards import admin_required, form_page, person_asking, post_only
from accounts.models import User
from core.db.transactions import retried
from publication import current, saving

from .. import actions
from ..models import Post
from ..studio.forms.base import attempt
from ..studio.saving import find_by_form_key
from .setup_forms import FirstArticleForm, NamingForm


@form_page
@admin_required
def naming(request: HttpRequest) -> HttpResponse:
    """Ask for the name and the tagline of the site."""
    sent = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form, by = NamingForm(sent, profile=saving.newest()), person_asking(request)
    if request.method == "POST" and attempt(form, lambda: form.save(by)) is not None:
        return redirect("posts:site-setup-article")
    return render(request, "posts/site_settings/naming.html", {"form": form}, status=form.status)


@post_only
@admin_required
def leave_name(request: HttpRequest) -> HttpResponse:
    """Leave name and tagline as they are; the set-up does not ask again."""
    newest = saving.newest()
    saving.save_profile({}, based_on=newest.number, by=person_asking(request))
    return redirect("posts:site-setup-article")


@form_page
@admin_required
def first_article(request: HttpRequest) -> HttpResponse:
    """Make a draft of an article that somebody has; sent twice it makes one."""
    by = person_asking(request)
    if request.method == "POST":
        form = FirstArticleForm(request.POST, request.FILES)
        post = attempt(form, lambda: _bring(form, by))
        if post is not None:
            messages.success(request, _("This is what we read. Nobody else sees it yet."))
            return redirect("posts:studio-post", pk=post.pk)
    else:
        form = FirstArticleForm(drafts.take(request, request.path))
    return render(request, "posts/site_settings/article.html", {"form": form}, status=form.status)


def _bring(form: FirstArticleForm, by: User) -> Post:
    """Return the draft made of the article in `form`; raises ActionRefused and MarkupRefused."""
    try:
        return _save(form, by)
    except IntegrityError:  # the same form was sent a moment ago
        made = find_by_form_key(form.cleaned_data["form_key"], by)
        if made is None:
            raise
        return made


@retried
def _save(form: FirstArticleForm, by: User) -> Post:
    article = form.article
    post = actions.save_draft(
        None,
        by=by,
        title=article.title,
        standfirst=article.standfirst,
        body=article.body,
        slug=article.slug,
        language=article.language or current.current().language,
        form_key=form.cleaned_data["form_key"],
    )
    if article.question:
        actions.set_question(post, text=article.question, stances=actions.default_stances())
    return post
