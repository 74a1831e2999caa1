"""Serve captured pages by a bare Django site: the limit D that pages are measured against.

It has no middleware, database or templates. It runs by the same server command as the site, and
never as a part of it. The folder BENCH_PAGES holds the responses, as `captured.py` writes them.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    SECRET_KEY="a-bare-view-signs-nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
)
PAGES = {
    file.stem: (file.with_suffix("").read_bytes(), json.loads(file.read_text()))
    for file in Path(os.environ["BENCH_PAGES"]).glob("*.json")
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Return the captured response `name`."""
    content, described = PAGES[name]
    return HttpResponse(content, status=described["status"], headers=described["headers"])


urlpatterns = [path("<str:name>", page)]
application = get_wsgi_application()
