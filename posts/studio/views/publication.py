"""Serve the pages to publish the saved text of a post, and to unpublish it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.guards import author_required, form_page, person_asking
from core.exceptions import ActionRefused

from ...actions import publish, unpublish
from ...models import Post, PostState
from ..access import get_post
from ..forms import Act
from ..preview import preview_url
from .posts import success_message


@form_page
@author_required
def publish_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the revision that the author saw in the preview; a GET redirects to the preview."""
    post = get_post(person_asking(request), pk)
    if request.method != "POST":
        return redirect(preview_url(post))
    if request.POST.get("revision") != _revision_shown(post):
        messages.warning(
            request,
            _("The text has changed since you opened this page. Please check it once more."),
        )
        return redirect(preview_url(post))
    try:
        published = publish(post, by=person_asking(request))
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("posts:studio-post", pk=post.pk)
    messages.success(request, success_message(Act.PUBLISH, published))
    return redirect(published)


@form_page
@author_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then make a published or scheduled post a draft again."""
    post = get_post(person_asking(request), pk)
    if request.method != "POST":
        context = {"post": post, "state": post.state()}
        return render(request, "posts/studio/unpublish.html", context)
    if post.state() != PostState.DRAFT:
        unpublish(post, by=person_asking(request))
    messages.success(request, _("It is a draft again. Only its authors can see it."))
    return redirect("posts:studio-post", pk=post.pk)


def _revision_shown(post: Post) -> str:
    return str(post.newest_revision.number) if post.newest_revision else ""
