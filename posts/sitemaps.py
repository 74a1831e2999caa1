"""Serve sitemap.xml and robots.txt: the addresses to index, and the ones to leave out."""

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

# Paths for signed-in people and for changes: they have no content to index.
PRIVATE_PATHS = (
    *("/accounts/", "/me/", "/studio/", "/moderation/", "/preview/"),
    *("/posts/*/answer/", "/comments/*/flags/", "/comments/*/well-argued/"),
)


if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap


class _SiteUrlSitemap(_Sitemap):
    """Build addresses from the setting SITE_URL, whatever host the request names."""

    def get_domain(self, site: Any = None) -> str:
        """Return the host and port of SITE_URL."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return the scheme of SITE_URL, `http` or `https`."""
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(_SiteUrlSitemap):
    """List the pages that exist on every site."""

    def items(self) -> list[str]:
        """Return the URL names of the pages."""
        return ["posts:home", "posts:archive", "posts:series-list", "posts:about"]

    def location(self, item: str) -> str:
        """Return the path of the page named `item`."""
        return reverse(item)


class PostSitemap(_SiteUrlSitemap):
    """List the published posts."""

    def items(self) -> PostQuerySet:
        """Return the posts, each with the time of its last change as `changed_at`."""
        changed = Greatest("published_at", "live_revision__created_at")
        posts = Post.objects.published().only("slug", "published_at")
        return posts.annotate(changed_at=changed).order_by("-published_at", "-id")

    def lastmod(self, item: Any) -> datetime:
        """Return the time of the last change of the post `item`."""
        changed: datetime = item.changed_at
        return changed


class SeriesSitemap(_SiteUrlSitemap):
    """List the series with a published part."""

    def items(self) -> SeriesQuerySet:
        """Return the series, the oldest first."""
        return Series.objects.published().order_by("id")


SITEMAPS: "dict[str, type[Sitemap[Any]] | Sitemap[Any]]" = {
    "pages": PageSitemap,
    "posts": PostSitemap,
    "series": SeriesSitemap,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the sitemap of all public pages, posts and series."""
    return sitemap_views.sitemap(request, SITEMAPS)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: the private paths and the address of the sitemap."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE_PATHS), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
