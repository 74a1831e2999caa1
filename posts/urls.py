"""Route the addresses of posts, series, archive, feed, studio, the site's pages and settings."""

from django.urls import URLPattern, URLResolver, include, path

from publication.models import PAGES

from . import feeds, views
from .site_settings.urls import urlpatterns as site_settings
from .studio.urls import urlpatterns as studio
from .studio.views import preview

app_name = "posts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("posts/<unicode_slug:slug>/", views.post_detail, name="detail"),
    path("posts/<unicode_slug:slug>/wordings/", views.wordings, name="wordings"),
    path("series/", views.series_list, name="series-list"),
    path("series/<unicode_slug:slug>/", views.series_detail, name="series-detail"),
    path("archive/", views.archive, name="archive"),
    *(path(f"{page}/", views.site_page, {"page": page}, name=page) for page in PAGES),
    path("settings/site/", include(site_settings)),
    path("feeds/posts/", feeds.post_feed, name="feed"),
    path("preview/<str:token>/", preview.page, name="preview"),
    path("studio/", include(studio)),
]
