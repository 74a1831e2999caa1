"""What search engines are told: the addresses there are, and the ones to leave alone."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .models import Post, Series
from .querysets import PostQuerySet, SeriesQuerySet

# Pages for one person, or that change what somebody said: nothing to be found there.
PRIVATE = (
    *("/accounts/", "/me/", "/studio/", "/moderation/", "/preview/"),
    *("/posts/*/answer/", "/comments/*/flags/", "/comments/*/well-argued/"),
)


if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap


class _OnThisSite(_Sitemap):
    """A sitemap whose addresses begin with SITE_URL, whatever host was asked."""

    def get_domain(self, site: Any = None) -> str:
        """Return the host and port of the site."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return `http` or `https`, as the site has it."""
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(_OnThisSite):
    """The pages there always are."""

    def items(self) -> list[str]:
        """Return the names of the pages."""
        return ["posts:home", "posts:series-list", "posts:about"]

    def location(self, item: str) -> str:
        """Return the address of a page."""
        return reverse(item)


class PostSitemap(_OnThisSite):
    """Every post that is out."""

    def items(self) -> PostQuerySet:
        """Return the posts, with the time each last changed."""
        changed = Greatest("published_at", "live_revision__created_at")
        posts = Post.objects.published().only("slug", "published_at")
        return posts.annotate(changed_at=changed).order_by("-published_at", "-id")

    def lastmod(self, item: Any) -> datetime:
        """Return when the post last changed."""
        changed: datetime = item.changed_at
        return changed


class SeriesSitemap(_OnThisSite):
    """Every series that has begun."""

    def items(self) -> SeriesQuerySet:
        """Return the series, in the order they were begun."""
        return Series.objects.published().order_by("id")


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": PageSitemap,
    "posts": PostSitemap,
    "series": SeriesSitemap,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with the addresses of everything that is public."""
    return sitemap_views.sitemap(request, SITEMAPS)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer with what robots are asked to leave alone, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
