"""Serve previews of unpublished text: as HTML for the editor, and as a page."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import author_required, person_asking
from accounts.models import User
from accounts.permissions import may_write, why_not_write

from ...models import Post
from ...newsletter.audience import reach_of
from ...pages import loading
from ...pages.promise_notes import prose_of
from ...pages.series_position import series_position_of
from ..access import get_post
from ..preview import preview_notice, previewed_pk, render_preview


@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """Return the text that the editor of django-markdownx sends as HTML.

    The editor inserts any response into the page, so a refusal (403) is a sentence, never a
    redirect. It sends pictures here, too; they are refused (415), and it shows the response.
    """
    why = _why_stopped(request)
    if why:
        return HttpResponse(preview_notice(why), status=403)
    if "image" in request.FILES:
        return JsonResponse({"image_code": _("(Pictures cannot be added yet.)")}, status=415)
    return HttpResponse(render_preview(request.POST.get("content", "")))


def _why_stopped(request: HttpRequest) -> str:
    """Return why there is no preview for the one asking; "" for an author."""
    user = request.user
    if isinstance(user, User) and user.is_author:
        return "" if may_write(user) else why_not_write(user)
    return _(
        "The preview has stopped, because you have been signed out. Press Save: your text is "
        "kept while you sign in."
    )


@require_safe
@author_required
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the newest text of a post as readers would see it; 404 for a forged `token`.

    404 or 403 as for `get_post` where the user may not change the post.
    """
    pk = previewed_pk(token)
    if pk is None:
        raise Http404
    get_post(person_asking(request), pk)
    post = get_object_or_404(
        loading.with_page(Post.objects.select_related("newest_revision")), pk=pk
    )
    # In memory only: every template and tag then shows the newest revision as the live one.
    post.live_revision = post.newest_revision
    now, promises = timezone.now(), loading.promises_about(post)
    question = post.question_or_none
    context = {
        "post": post,
        "prose": prose_of(post, promises, now),
        "series_position": series_position_of(post, promises, now),
        "question": question if question and question.version else None,
        "is_published": True,
        "state": post.state(now),
        "reach": reach_of(post),
    }
    response = render(request, "posts/studio/preview.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
