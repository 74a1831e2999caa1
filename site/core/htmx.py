"""Tell htmx requests from others, and redirect both."""

from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control


def is_fragment(request: HttpRequest) -> bool:
    """Return whether `request` wants a part of a page; htmx restores history from whole pages."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def redirect_for(request: HttpRequest, url: str) -> HttpResponse:
    """Return a redirect to `url` that nobody stores: 302, or 204 with `HX-Redirect` for htmx.

    htmx would follow a 302 and insert that page into the part it requested. For a place on the page
    that sent the request, `HX-Refresh` loads it anew: a browser would only scroll there.
    """
    response = HttpResponse(status=204) if is_fragment(request) else redirect(url)
    if response.status_code == HTTPStatus.NO_CONTENT:
        response.headers["HX-Redirect"] = url
        if _is_place_on_page(request, url):
            response.headers["HX-Refresh"] = "true"
    patch_cache_control(response, private=True, no_store=True)
    return response


def _is_place_on_page(request: HttpRequest, url: str) -> bool:
    """Return whether `url` has a fragment and else is that of the page that sent `request`."""
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return False
    target = urlsplit(url)
    return bool(target.fragment) and _page_of(target) == _page_of(shown)


def _page_of(address: SplitResult) -> tuple[str, str]:
    return address.path, address.query
