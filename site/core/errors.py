"""Pages for requests that cannot be answered; what the person typed comes back with them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Fields whose words are not given back on an error page.
SECRET_FIELDS = ("password", "csrfmiddlewaretoken", "code", "token")
# Shorter values are choices and keys, not something a person would miss.
WORTH_KEEPING = 12


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
