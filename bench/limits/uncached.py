"""The honest uncached page: what reading fifty stored comments and drawing them has to cost.

One keyset read through Django's ORM from SQLite, one Jinja2 template, no middleware. It answers
with about as many bytes as our page. BENCH_HONEST is the database that
`bench.limits.stored_comments` filled, BENCH_BYTES the length of our page.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

SHOWN = 50

settings.configure(
    DEBUG=False,
    SECRET_KEY="an-honest-page-signs-nothing",
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
            "NAME": os.environ["BENCH_HONEST"],
            "CONN_MAX_AGE": None,
        }
    },
)
application = get_wsgi_application()

from django.db import connection, models  # noqa: E402
from django.template.loader import get_template  # noqa: E402


class Stored(models.Model):
    """A comment with all that a page shows of it in one row."""

    post_id = models.IntegerField()
    path = models.TextField()
    author = models.TextField()
    stance = models.TextField()
    depth = models.IntegerField()
    published_at = models.TextField()
    body_html = models.TextField()

    class Meta:
        app_label = "honest"
        managed = False
        db_table = "stored"


def rows(after: str) -> list[tuple[object, ...]]:
    """Return the comments behind the path `after`, in tree order."""
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
connection.close()  # before the workers part
urlpatterns = [path("", page)]
