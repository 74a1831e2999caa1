"""Tell htmx requests from others, and redirect both."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control


def is_fragment(request: HttpRequest) -> bool:
    """Return whether `request` wants a part of a page; htmx restores history from whole pages."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def redirect_for(request: HttpRequest, url: str) -> HttpResponse:
    """Return a redirect to `url` that nobody stores: 302, or 204 with `HX-Redirect` for htmx.

    htmx would follow a 302 and insert that page into the part it requested.
    """
    response = HttpResponse(status=204) if is_fragment(request) else redirect(url)
    if response.status_code == HTTPStatus.NO_CONTENT:
        response.headers["HX-Redirect"] = url
    patch_cache_control(response, private=True, no_store=True)
    return response
