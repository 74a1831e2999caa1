"""Render error pages, which return the text that was typed into a form."""

import sys
from contextlib import suppress
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from django.views.defaults import page_not_found

from .csrf import is_of_another
from .db.transactions import has_code
from .sent.fields import Field, texts_of

UNAVAILABLE = 503
# PostgreSQL, appendix A: disk_full. SQLite, "Result and Error Codes": SQLITE_FULL.
_POSTGRES_FULL, _SQLITE_FULL = {"53100"}, {13}
_GONE = _("This form is about something that is no longer here. Nothing was changed.")
# Seconds within which a database that restarts is back.
BACK_AFTER = 10


def typed_text(request: HttpRequest) -> list[Field]:
    """Return the fields of a sent form that hold what a person typed, without secrets."""
    return texts_of(request.POST)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid CSRF token, with the typed text to copy.

    The words of a page that was drawn for another account are not shown.
    """
    typed = [] if is_of_another(request) else typed_text(request)
    context = {"typed": typed, "back": request.path}
    return render(request, "403_expired.html", context, status=403)


def refused_form(request: HttpRequest, reason: object, status: int = 403) -> HttpResponse:
    """Answer `status` to a refused request, with the `reason` and the typed text to copy.

    The words of a page that was drawn for another account are not shown.
    """
    typed = [] if request.method != "POST" or is_of_another(request) else typed_text(request)
    context = {"exception": str(reason), "typed": typed, "code": status}
    return render(request, "403.html", context, status=status)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 to a request that raised PermissionDenied."""
    return refused_form(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 to a request that raised Http404; a form gets back the typed text."""
    # A body that no middleware has parsed may be unreadable.
    if request.method == "POST" and hasattr(request, "_post"):
        return refused_form(request, _GONE, 404)
    return page_not_found(request, exception)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413 to a form that is too large; the browser still has the typed text."""
    return render(request, "413.html", status=413)


def unreadable(request: HttpRequest) -> HttpResponse:
    """Answer 415 to a request in another encoding than UTF-8; the browser has the typed text."""
    return render(request, "415.html", status=415)


def _without_manifest(name: str, context: dict[str, Any]) -> str:
    """Render the template `name`, without style sheets if the static files have no manifest."""
    template = loader.get_template(name)
    try:
        return template.render(context)
    except ValueError:
        return template.render({**context, "is_plain": True})


def method_refused(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405 to a request by another method than those in `allowed`, with the way to the form.

    An address that only takes what a button sends leads to the page that the button is on: the
    nearest one above it. Any other address is a page itself. A form gets back the typed text.
    """
    is_read = request.method in {"GET", "HEAD"}
    may_return = hasattr(request, "_post") and not is_of_another(request)
    context = {
        "typed": typed_text(request) if may_return else [],
        "is_read": is_read,
        "back": _page_above(request.path) if is_read else request.path,
    }
    response = render(request, "405.html", context, status=405)
    response.headers["Allow"] = allowed
    response._has_been_logged = True  # type: ignore[attr-defined]  # by the refusal it replaces
    return response


def _page_above(path: str) -> str:
    """Return the nearest address above `path` that is one of a page: at the least the front page.

    Views that only take forms say so by `takes_only_forms`.
    """
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        with suppress(Resolver404):
            if not hasattr(resolve(above).func, "takes_only_forms"):
                return above
    return "/"


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 to an unhandled exception, or 503 if the database is unavailable or full.

    Called while the exception is handled. Queries no database, and reads from the request only a
    form that is already parsed: its text is returned.
    """
    error = sys.exc_info()[1]
    status = UNAVAILABLE if isinstance(error, OperationalError | InterfaceError) else 500
    context = {
        "code": status,
        "is_full": error is not None and has_code(error, _POSTGRES_FULL, _SQLITE_FULL),
        "typed": typed_text(request) if hasattr(request, "_post") else [],
    }
    response = HttpResponse(_without_manifest("500.html", context), status=status)
    response.headers["Cache-Control"] = "private, no-store"
    if status == UNAVAILABLE:
        response.headers["Retry-After"] = str(BACK_AFTER)
    return response
