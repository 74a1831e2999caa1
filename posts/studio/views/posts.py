"""Writing a post: a new one, and one that is there already."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import drafts
from accounts.guards import author_required, person_asking

from ...models import Post, PostState
from .. import saving
from ..access import get_post
from ..forms import Act, PostForm, attempt
from ..forms.post import sent_key
from ..preview import preview_url

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def create(request: HttpRequest) -> HttpResponse:
    """Write a new post. The same form sent twice makes one post."""
    user = person_asking(request)
    if request.method != "POST":
        typed = drafts.take(request, request.path)
        form = PostForm(typed, author=user, post=None)
        return _show(request, form, gave_back=typed is not None)
    made = saving.made_with(sent_key(request.POST.get("form_key")), user)
    form = PostForm(request.POST, author=user, post=made)
    post = attempt(form, lambda: _save_new(form, made, request))
    if post is not None:
        return _leave(request, form, post)
    return _show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a post; its button says what happens besides."""
    user = person_asking(request)
    post = get_post(user, pk)
    if request.method != "POST":
        typed = drafts.take(request, request.path)
        form = PostForm(typed, author=user, post=post)
        return _show(request, form, gave_back=typed is not None)
    form = PostForm(request.POST, author=user, post=post)
    saved = attempt(form, lambda: saving.save(form, post, by=user))
    if saved is not None:
        return _leave(request, form, saved)
    return _show(request, form)


def _save_new(form: PostForm, made: Post | None, request: HttpRequest) -> Post:
    if made is not None:
        return saving.save(form, made, by=person_asking(request))
    return saving.save_new(form, by=person_asking(request))


def _leave(request: HttpRequest, form: PostForm, post: Post) -> HttpResponse:
    """Say what happened and lead to where one goes on."""
    if form.act == Act.PREVIEW:
        return redirect(preview_url(post))
    messages.success(request, said_of(form.act, post))
    return redirect("posts:studio-post", pk=post.pk)


def said_of(act: Act, post: Post) -> str:
    """Return what the author is told after `act`."""
    if act == Act.PUBLISH:
        return _("It is out. Readers see this text now.")
    if act == Act.SCHEDULE and post.published_at is not None:
        when = date_format(post.published_at, "j F Y, H:i")
        return _("Readers will see this text from %(when)s UTC.") % {"when": when}
    if post.state() == PostState.DRAFT:
        return _("Saved. Nobody sees it but its authors.")
    if post.has_unpublished_changes:
        return _("Saved. Readers do not see these changes yet.")
    return _("Saved.")


def _show(request: HttpRequest, form: PostForm, *, gave_back: bool = False) -> HttpResponse:
    post = form.post
    context: dict[str, Any] = {
        "form": form,
        "post": post,
        "state": post.state() if post else PostState.DRAFT,
        "gave_back": gave_back,
        "overtaken_by": None,
        "now": timezone.now(),
    }
    if post is not None and form.status == CONFLICT:
        # Read afresh: the revision that came between is younger than `post`.
        newest = Post.objects.with_text().get(pk=post.pk).newest_revision
        if newest is not None:
            form.take_as_newest(newest.number)
            context["overtaken_by"] = newest
    return render(request, "posts/studio/post.html", context, status=form.status)
