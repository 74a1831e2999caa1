"""Answers for whoever watches the site: is the process up, and can it reach what it needs?"""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.jobs import reports


@require_safe
@never_cache
def process(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if database and cache can be reached, else 503 and a line for each fault.

    How the queue is stands below, and never changes the status: pages need no worker, so a dead
    one is no reason to take them from their readers.
    """
    failures = [f"{name} cannot be reached" for name, check in _CHECKS.items() if not check()]
    lines = failures or ["ok", *reports.lines()]
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="text/plain", status=503 if failures else 200)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache() -> bool:
    try:
        cache.get("readyz")
    except Exception:  # the cache's own errors differ from backend to backend
        return False
    return True


_CHECKS = {"the database": _database, "the cache": _cache}
