"""Serve the uncached page, limit P: the least that reading and rendering fifty comments costs.

One keyset query through Django's ORM to SQLite, one Jinja2 template, no middleware. The page has
about as many bytes as the site's. BENCH_DATABASE is the file that `bench.limits.stored_comments`
wrote, BENCH_BYTES the length of the site's page.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

SHOWN = 50  # comments, about as many as a page of the site shows

settings.configure(
    DEBUG=False,
    SECRET_KEY="an-uncached-page-signs-nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    USE_I18N=False,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [Path(__file__).with_name("templates")],
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BENCH_DATABASE"],
            "CONN_MAX_AGE": None,
        }
    },
)
application = get_wsgi_application()

from django.db import connection, models  # noqa: E402
from django.template.loader import get_template  # noqa: E402


class Stored(models.Model):
    """A comment in one row with all that a page shows."""

    post_id = models.IntegerField()
    path = models.TextField()
    author = models.TextField()
    stance = models.TextField()
    depth = models.IntegerField()
    published_at = models.TextField()
    body_html = models.TextField()

    class Meta:
        app_label = "uncached"
        managed = False
        db_table = "stored"


def rows(after: str) -> list[tuple[object, ...]]:
    """Return the comments that follow the path `after`, in tree order."""
    found = Stored._default_manager.filter(post_id=1, path__gt=after).order_by("path")
    shown = found.values_list("id", "author", "stance", "depth", "published_at", "body_html")
    return list(shown[:SHOWN])


def page(request: HttpRequest) -> HttpResponse:
    """Show fifty comments."""
    comments = rows(request.GET.get("after", ""))
    return HttpResponse(TEMPLATE.render({"comments": comments, "rest": REST}))


TEMPLATE = get_template("page.html")
REST = ""
REST = "." * max(0, int(os.environ["BENCH_BYTES"]) - len(page(HttpRequest()).content))
connection.close()  # before the workers are forked, which must not share it
urlpatterns = [path("", page)]
