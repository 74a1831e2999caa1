"""Tell htmx requests from others, and redirect both."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def is_fragment(request: HttpRequest) -> bool:
    """Return whether `request` wants a part of a page; htmx restores history from whole pages."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def redirect_for(request: HttpRequest, url: str) -> HttpResponse:
    """Return a redirect to `url`: 302, or 204 with `HX-Redirect` for htmx.

    htmx would follow a 302 and insert that page into the part it requested.
    """
    if not is_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = url
    return response
