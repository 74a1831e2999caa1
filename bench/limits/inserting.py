"""Serve the site with one more view, which inserts one row for a signed-in reader.

It is the least that any view behind the same middleware, session and account costs to store
something. It runs beside the site on the same database, and never as a part of it.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.db import models  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.views.decorators.http import require_POST  # noqa: E402

from config import urls  # noqa: E402


class InsertedRow(models.Model):
    """A text that a reader sent."""

    reader_id = models.BigIntegerField()
    body = models.TextField()

    class Meta:
        app_label = "core"
        managed = False
        db_table = "bench_row"


@require_POST
@login_required
def insert(request: HttpRequest) -> HttpResponse:
    """Store the text that was sent; it is durable once the response is sent."""
    InsertedRow._default_manager.create(reader_id=request.user.pk, body=request.POST["body"])
    return redirect("/")


urlpatterns = [path("bench/row/", insert), *urls.urlpatterns]
