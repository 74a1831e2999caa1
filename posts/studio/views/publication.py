"""Publishing what is saved already, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guards import author_required, person_asking
from core.exceptions import ActionRefused

from ...actions import publish, unpublish
from ...models import Post, PostState
from ..access import get_post
from ..forms import Act
from ..preview import preview_url
from .posts import said_of


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def publish_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the saved words public, as they were looked at; a visit leads to looking at them."""
    post = get_post(person_asking(request), pk)
    if request.method != "POST":
        return redirect(preview_url(post))
    if request.POST.get("revision") != _revision_shown(post):
        messages.warning(request, _("The text has changed since. Please look at it once more."))
        return redirect(preview_url(post))
    try:
        published = publish(post, by=person_asking(request))
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
        return redirect("posts:studio-post", pk=post.pk)
    messages.success(request, said_of(Act.PUBLISH, published))
    return redirect(published)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a post back from readers or from the calendar."""
    post = get_post(person_asking(request), pk)
    if request.method != "POST":
        context = {"post": post, "state": post.state()}
        return render(request, "posts/studio/unpublish.html", context)
    if post.state() != PostState.DRAFT:
        unpublish(post, by=person_asking(request))
    messages.success(request, _("It is a draft again. Nobody sees it but its authors."))
    return redirect("posts:studio-post", pk=post.pk)


def _revision_shown(post: Post) -> str:
    return str(post.newest_revision.number) if post.newest_revision else ""
