"""Pages for browsers, parts of them for htmx."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def is_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of the page; for its history it needs the whole."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def redirect_for(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to the page at `url`: 302, or 204 with `HX-Redirect` for htmx.

    Following a 302 itself, htmx would put that page into the part it asked for.
    """
    if not is_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = url
    return response
