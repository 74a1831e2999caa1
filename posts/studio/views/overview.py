"""Serve the first page of the studio: an author's posts by state, and their series."""

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import author_required, person_asking

from ...models import Post, Series, Stance
from ...pages.loading import FULL_TEXT, with_parts
from ...querysets import PostQuerySet

# Posts shown of a long list; older ones are on the author's public pages.
SHOWN_MAX = 50
NEWEST_FULL_TEXT = ("newest_revision__body", "newest_revision__body_html")


@require_safe
@author_required
def studio(request: HttpRequest) -> HttpResponse:
    """Show the author's drafts, scheduled and published posts, and series."""
    user, now = person_asking(request), timezone.now()
    own = Post.objects.kept().filter(authorships__user=user)
    context = {
        "drafts": _listed(own.filter(published_at=None)).order_by("-newest_revision__created_at"),
        "scheduled": _listed(own.filter(published_at__gt=now)).order_by("published_at"),
        "published": _listed(own.published(now))[:SHOWN_MAX],
        "others": _listed(_of_others(request, own)),
        "series_list": with_parts(Series.objects.filter(owner=user)).order_by("title", "id"),
        "in_bin": Post.objects.in_bin_of(user).count(),
        "counts": own.aggregate(
            posts=Count("pk"), published=Count("pk", filter=Q(published_at__lte=now))
        ),
    }
    return render(request, "posts/studio/overview.html", context)


def _listed(posts: PostQuerySet) -> PostQuerySet:
    posts = posts.with_text().select_related("part__series", "question__version")
    posts = posts.annotate(answers=_answers())
    return posts.defer(*FULL_TEXT, *NEWEST_FULL_TEXT)


def _answers() -> Subquery:
    """Return the expression for how many readers have answered the question of a post."""
    stances = Stance.objects.filter(question__post=OuterRef("pk")).order_by()
    counted = stances.values("question").annotate(every=Sum("answer_count"))
    return Subquery(counted.values("every"))


def _of_others(request: HttpRequest, own: PostQuerySet) -> PostQuerySet:
    """Return the newest posts of other authors that an admin may change, none for others."""
    user = person_asking(request)
    if not user.is_admin:
        return Post.objects.none()
    others = Post.objects.editable_by(user).exclude(pk__in=own.values("pk"))
    return others.order_by("-id")[:SHOWN_MAX]
