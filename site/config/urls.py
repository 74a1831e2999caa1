"""URLs of the whole site."""

from django.urls import include, path

from posts import sitemaps

from . import health, security_txt

handler403 = "core.errors.not_allowed"
handler404 = "core.errors.not_found"
handler500 = "core.errors.failed"
urlpatterns = [
    # First, since a path is tried against each route in turn and most requests are for articles.
    path("", include("posts.urls")),
    path("", include("comments.urls")),
    path("healthz", health.process, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path(security_txt.PATH, security_txt.security_txt, name="security-txt"),
    path("", include("pictures.urls")),
    path("", include("publication.urls")),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("notifications.mailing.urls")),
    path("", include("notifications.deliverability.urls")),
    path("", include("notifications.subscribers.urls")),
]
