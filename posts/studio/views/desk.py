"""The author's desk: their posts by state, and their series."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import author_required, person_asking

from ...models import Post, Series
from ...pages.loading import UNREAD, with_parts
from ...querysets import PostQuerySet

# What one looks through at one go; the rest is on the author's public pages.
PUBLISHED_SHOWN = 50
UNREAD_NEWEST = ("newest_revision__body", "newest_revision__body_html")


@require_safe
@author_required
def studio(request: HttpRequest) -> HttpResponse:
    """Show what I write, what waits for its time, what is out, and my series."""
    user, now = person_asking(request), timezone.now()
    own = Post.objects.filter(authorships__user=user)
    context = {
        "drafts": _listed(own.filter(published_at=None)).order_by("-newest_revision__created_at"),
        "scheduled": _listed(own.filter(published_at__gt=now)).order_by("published_at"),
        "published": _listed(own.published(now))[:PUBLISHED_SHOWN],
        "others": _listed(_of_others(request, own)),
        "series_list": with_parts(Series.objects.filter(owner=user)).order_by("title", "id"),
        "counts": own.aggregate(
            posts=Count("pk"), published=Count("pk", filter=Q(published_at__lte=now))
        ),
    }
    return render(request, "posts/studio/desk.html", context)


def _listed(posts: PostQuerySet) -> PostQuerySet:
    return posts.with_text().select_related("part__series").defer(*UNREAD, *UNREAD_NEWEST)


def _of_others(request: HttpRequest, own: PostQuerySet) -> PostQuerySet:
    """Return what else the person may change: an admin, what others write."""
    user = person_asking(request)
    if not user.is_admin:
        return Post.objects.none()
    others = Post.objects.editable_by(user).exclude(pk__in=own.values("pk"))
    return others.order_by("-id")[:PUBLISHED_SHOWN]
