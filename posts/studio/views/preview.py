"""What words look like before they are out: beside the editor, and as a page."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import author_required, person_asking
from accounts.models import User
from accounts.permissions import may_write

from ...models import Post
from ...pages import loading
from ...pages.promise_notes import prose_of
from ...pages.series_position import place_of
from ..access import get_post
from ..preview import preview_notice, previewed_pk, render_preview


@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """Answer the editor of django-markdownx with its text as HTML.

    The editor puts any answer into the page, so a refusal is a sentence, never a redirect. It
    sends pictures here, too; there is no place for them yet, and it prints the answer.
    """
    user = request.user
    if not (isinstance(user, User) and may_write(user) and user.is_author):
        sentence = _(
            "The preview has stopped: you are not signed in as an author any more. "
            "Save, and you get your text back after signing in."
        )
        return HttpResponse(preview_notice(sentence), status=403)
    if "image" in request.FILES:
        return JsonResponse({"image_code": _("(Pictures cannot be added yet.)")}, status=415)
    return HttpResponse(render_preview(request.POST.get("content", "")))


@require_safe
@author_required
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the newest words of a post as readers would see them, to those who may edit it."""
    pk = previewed_pk(token)
    if pk is None:
        raise Http404
    get_post(person_asking(request), pk)
    post = get_object_or_404(
        loading.with_page(Post.objects.select_related("newest_revision")), pk=pk
    )
    # In memory only: every template and tag then shows the newest words as the live ones.
    post.live_revision = post.newest_revision
    now, promises = timezone.now(), loading.promises_about(post)
    question = post.question_or_none
    context = {
        "post": post,
        "prose": prose_of(post, promises, now),
        "place": place_of(post, promises, now),
        "question": question if question and question.version else None,
        "is_out": True,
        "state": post.state(now),
    }
    response = render(request, "posts/studio/preview.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
