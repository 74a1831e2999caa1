"""Serve the set-up of a new site: its name and tagline, then a first article or series."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.guards import admin_required, form_page, person_asking, post_only
from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from publication import saving

from ..importing.answers import answers_for
from ..importing.bringing import bring, brought_before
from ..models import Post
from ..studio.forms.base import attempt
from ..studio.saving import find_by_form_key
from .setup_forms import FirstArticleForm, NamingForm

_PUBLISHED = _("This text is published already.")
_SCHEDULED = _("This text is scheduled already.")


@form_page
@admin_required
def naming(request: HttpRequest) -> HttpResponse:
    """Ask for the name and the tagline of the site."""
    sent = request.POST if request.method == "POST" else drafts.take(request, request.path)
    form = NamingForm(sent, profile=saving.newest(), by=person_asking(request))
    if request.method == "POST" and attempt(form, form.save) is not None:
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
    """Make a draft of an article that somebody has; sent twice it makes one.

    A text that is published already is refused, with a link to it.
    """
    by, published = person_asking(request), None
    if request.method == "POST":
        form = FirstArticleForm(request.POST, request.FILES)
        post = attempt(form, lambda: _bring(form, by))
        if post is not None and post.published_at is None:
            return redirect("posts:site-setup-reading", pk=post.pk)
        if post is not None:
            published = post
            form.refuse(_PUBLISHED if post.is_published() else _SCHEDULED)
    else:
        form = FirstArticleForm(drafts.take(request, request.path))
    context = {"form": form, "published": published}
    return render(request, "posts/site_settings/article.html", context, status=form.status)


def _bring(form: FirstArticleForm, by: User) -> Post:
    """Return the draft made of the article in `form`, or the post that published it before.

    Raises ActionRefused and MarkupRefused.
    """
    try:
        return _save(form, by)
    except IntegrityError:  # the same form was sent a moment ago
        made = find_by_form_key(form.cleaned_data["form_key"], by)
        if made is None:
            raise
        if made.binned_at is not None:
            raise ActionRefused(_("This draft is in the bin. Bring it back first.")) from None
        return made


@retried
def _save(form: FirstArticleForm, by: User) -> Post:
    article = form.article
    before = brought_before(article)
    if before is not None and before.published_at is not None:
        return before
    stances = answers_for(article).stances
    return bring(article, stances, by=by, form_key=form.cleaned_data["form_key"])
