"""Serve the public pages: home, archive, a post, its wordings, series, pages about the site."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications.following import buttons
from publication import current, pages

from . import carried_questions
from .models import Post, Series
from .pages import loading, page_versions
from .pages import post_page as post_page
from .pages.archive import by_series, by_year
from .pages.promise_notes import note_on
from .querysets import PostQuerySet

# The lead, and two rows of three below it; older posts are in the archive.
POSTS_ON_FRONT = 7
# Series on the front page, those with the newest parts.
SERIES_ON_FRONT = 2
# Posts on a page of the archive by year: two a week make one a year.
POSTS_PER_PAGE = 100
# Posts in the archive by series, the newest; each is a few lines.
POSTS_BY_SERIES = 500


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the newest post with its question, the latest others, series, and what readers said.

    The first admin of a new site is led to its set-up.
    """
    if _waits_for_set_up(request):
        return redirect("posts:site-setup")
    edition, now = page_versions.edition_for(request), timezone.now()
    published = Post.objects.published(now).with_total().newest()
    posts = list(loading.with_titles(published)[:POSTS_ON_FRONT])
    series = Series.objects.published(now).newest_part_first(now)[:SERIES_ON_FRONT]
    page_versions.allow_caching(request, edition, posts)
    context = {
        "lead": posts[0] if posts else None,
        "posts": posts[1:],
        "shown": posts,
        "series_list": loading.with_parts(series),
    }
    return render(request, "posts/home.html", context)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Show all posts by year, a page of them, or by series (`by=series`).

    The query parameter `page` counts from 1; 404 where there is no such page.
    """
    edition, now = page_versions.edition_for(request), timezone.now()
    posts = Post.objects.published(now).newest()
    context = (
        _by_series(posts, now) if request.GET.get("by") == "series" else _by_year(request, posts)
    )
    page_versions.allow_caching(request, edition, context["shown"])
    return render(request, "posts/archive.html", context)


def _by_year(request: HttpRequest, posts: PostQuerySet) -> dict[str, Any]:
    try:
        page = Paginator(posts, POSTS_PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404(_("There is no such page.")) from None
    shown = list(loading.with_titles(page.object_list))  # type: ignore[arg-type]
    context: dict[str, Any] = {"groups": by_year(shown), "shown": shown, "page": page}
    if page.number > 1:
        context["canonical_url"] = f"{settings.SITE_URL}{request.path}?page={page.number}"
    return context


def _by_series(posts: PostQuerySet, now: datetime) -> dict[str, Any]:
    shown = list(loading.with_titles(posts)[:POSTS_BY_SERIES])
    series = loading.with_parts(Series.objects.published(now).newest_part_first(now))
    groups = by_series(series, {post.pk: post for post in shown})
    return {"groups": groups, "shown": shown, "by_series": True}


def _waits_for_set_up(request: HttpRequest) -> bool:
    """Return whether an admin asks for the front page of a site without profile and post."""
    is_admin = request.user.is_authenticated and request.user.is_admin
    return is_admin and not current.current().number and not Post.objects.kept().exists()


@require_safe
def post_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a post: to everybody once published, before that to its authors and admins."""
    return post_page.render_post_page(request, slug)


@require_safe
def wordings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all wordings of the question of a post, the current one first."""
    edition = page_versions.edition_for(request)
    visible = Post.objects.visible_to(request.user).select_related("question__version")
    post = get_object_or_404(visible.filter(question__version__isnull=False), slug=slug)
    page_versions.allow_caching(request, edition)
    versions = post.question.versions.prefetch_related("wordings__stance").order_by("-number")
    return render(request, "posts/wordings.html", {"post": post, "versions": versions})


@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    """Show the series with a published part, the newest first."""
    edition, now = page_versions.edition_for(request), timezone.now()
    page_versions.allow_caching(request, edition)
    series = loading.with_parts(Series.objects.published(now)).order_by("-created_at", "-id")
    return render(request, "posts/series_list.html", {"series_list": series})


@require_safe
def series_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a series: its parts, their promises, and how answers to carried questions changed."""
    edition, now = page_versions.edition_for(request), timezone.now()
    visible = Series.objects.visible_to(request.user, now)
    series = get_object_or_404(loading.with_parts(visible), slug=slug)
    carried = carried_questions.carried_in(series, now)
    page_versions.allow_caching(request, edition, carried_questions.posts_of(carried))
    buttons.know_all(request)
    promises = [made for made in loading.promises_in(series) if made.post.is_published(now)]
    context = {
        "series": series,
        "parts": series.parts.all(),
        "published": series.published_parts(now),
        "notes": [note_on(promise, now) for promise in promises],
        "carried": carried,
    }
    response = render(request, "posts/series_detail.html", context)
    if not context["published"]:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def site_page(request: HttpRequest, page: str) -> HttpResponse:
    """Show one of the pages that the publication has about itself."""
    page_versions.allow_caching(request, page_versions.edition_for(request))
    profile = current.current()
    context = {"title": pages.title_of(page, profile), "html": pages.html_of(page, profile)}
    return render(request, "posts/site_page.html", context)
