"""Health checks for monitoring: `/healthz` and `/readyz`."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.jobs import reports
from notifications import mail_health
from notifications.deliverability import health as articles
from notifications.mailing import health as outbox

PLAIN = "text/plain; charset=utf-8"


@require_safe
@never_cache
def process(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer."""
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if database and cache can be reached, otherwise 503 with a line for each fault.

    The states of the queue and of mail follow and never change the status: pages need neither, so
    the site should stay in rotation without them. Nothing connects to the mail server here.
    """
    failures = [f"{name} cannot be reached" for name, check in _CHECKS.items() if not check()]
    lines = failures or ["ok", *reports.lines(), *_mail()]
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type=PLAIN, status=503 if failures else 200)


def _mail() -> list[str]:
    return [outbox.report().line, articles.line(), mail_health.line()]


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
    except Exception:  # each cache backend raises its own errors
        return False
    return True


_CHECKS = {"the database": _database, "the cache": _cache}
