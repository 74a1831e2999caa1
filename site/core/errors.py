"""Pages for requests that cannot be answered; what the person typed comes back with them."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from .db.transactions import has_code

# Fields whose words are not given back on an error page.
SECRET_FIELDS = ("password", "csrfmiddlewaretoken", "code", "token")
# Shorter values are choices and keys, not something a person would miss.
WORTH_KEEPING = 12
UNAVAILABLE = 503
# PostgreSQL, appendix A: disk_full. SQLite, "Result and Error Codes": SQLITE_FULL.
_POSTGRES_FULL, _SQLITE_FULL = {"53100"}, {13}
# A database that restarts is back within this, in seconds.
BACK_AFTER = 10


def typed_text(request: HttpRequest) -> list[str]:
    """Return the longer texts of a form that was sent, secrets left out."""
    return [
        value
        for name, values in request.POST.lists()
        if not any(secret in name.lower() for secret in SECRET_FIELDS)
        for value in map(str, values)
        if len(value) >= WORTH_KEEPING
    ]


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid token, with what was typed to copy."""
    context = {"typed": typed_text(request), "back": request.path}
    return render(request, "403_expired.html", context, status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413 to a form that is too large; the browser still holds what was typed."""
    return render(request, "413.html", status=413)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 to what broke, or 503 where the database is away or full, which passes.

    Called while the exception is being handled. Asks nothing of the database, and of the request
    only the form that has been read already: its words come back.
    """
    error = sys.exc_info()[1]
    status = UNAVAILABLE if isinstance(error, OperationalError | InterfaceError) else 500
    context = {
        "code": status,
        "is_full": error is not None and has_code(error, _POSTGRES_FULL, _SQLITE_FULL),
        "typed": typed_text(request) if hasattr(request, "_post") else [],
    }
    response = HttpResponse(loader.get_template("500.html").render(context), status=status)
    response.headers["Cache-Control"] = "private, no-store"
    if status == UNAVAILABLE:
        response.headers["Retry-After"] = str(BACK_AFTER)
    return response
