"""Take over, once somebody signs in, what their browser remembers of visits without the account."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from accounts.models import User
from core.csrf import is_of_another
from core.numbers import number
from posts.models import Post

from ..reading import visits

# Discussions that a browser remembers (static/js/discussion.js).
REMEMBERED_MOST = 200


@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Join the visits in the field `seen`, in each line a page version and the slug of a post.

    Sent by a script; answers with the slugs of the posts of which something else is new now. What
    it does not understand, or the person may not read, it passes over.
    """
    if not isinstance(request.user, User) or is_of_another(request):
        return HttpResponse(status=403)
    seen = _read(request.POST.get("seen", "").splitlines()[:REMEMBERED_MOST])
    posts = Post.objects.visible_to(request.user).filter(slug__in=list(seen))
    changed = visits.join({post: seen[post.slug] for post in posts}, by=request.user)
    return JsonResponse({"changed": [post.slug for post in changed]})


def _read(lines: list[str]) -> dict[str, int]:
    """Return the versions in `lines` by slug."""
    seen = {}
    for line in lines:
        version, _space, slug = line.partition(" ")
        read = number(version)
        if read is not None and slug and "\0" not in slug:
            seen[slug] = read
    return seen
