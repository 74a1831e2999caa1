"""Replay cached WSGI responses before Django runs.

For each request Django checks its connections and sends signals, which takes longer than sending a
cached page. So the response is stored with the page, by the headers it depends on, and replayed to
equal requests while the page is fresh, without a database query.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from .pages import EXPIRES, PAGE, CachedPage, StoredResponse, store

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

# All that the response with a cached page depends on, besides its address and no session.
VARYING = (
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_X_FORWARDED_PROTO",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)
# Stored responses for each page: browsers and proxies send a few combinations of headers.
VARIANTS_MAX = 16
# Addresses without percent-encoding, which can serve as their own key.
_PLAIN = re.compile(r"[\w/.~=&-]*", re.ASCII)

Variant = tuple[str | None, ...]


def replay_responses(application: Application) -> Application:
    """Wrap `application` so that stored responses of fresh cached pages are replayed."""

    def replay(environ: Environ, start_response: Start) -> Iterable[bytes]:
        address = _address(environ)
        if address is None:
            return application(environ, start_response)
        variant = tuple(map(environ.get, VARYING))
        slot = store.get(address)
        page = slot.page if slot else None
        stored = page.told.get(variant) if page else None
        if page is None or stored is None or not page.is_fresh():
            return _respond(application, environ, start_response, variant)
        headers = [*stored.headers]
        if expires := page.expires():
            headers.append((EXPIRES, expires))
        start_response(stored.status, headers)
        return [stored.body]

    return replay


def _address(environ: Environ) -> str | None:
    """Return path and query of a public GET request; None for any other request."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("SCRIPT_NAME"):
        return None
    if settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", ""):
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if not (_PLAIN.fullmatch(path) and _PLAIN.fullmatch(query)):
        return None
    return f"{path}?{query}" if query else path


def _respond(
    application: Application, environ: Environ, start_response: Start, variant: Variant
) -> Iterable[bytes]:
    """Return the response of `application`; store it if it is a cached page."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        begun.append((status, [*headers]))  # servers may add their own
        return start_response(status, headers, *more)

    response: Any = application(environ, start)
    page: CachedPage | None = environ.pop(PAGE, None)
    if (
        page is not None
        and len(page.told) < VARIANTS_MAX
        and _shares_memory(response.content, page)
    ):
        status, headers = begun[-1]
        lasting = [(name, value) for name, value in headers if name != EXPIRES]
        page.told[variant] = StoredResponse(status, lasting, response.content)
    return response  # type: ignore[no-any-return]


def _shares_memory(content: bytes, page: CachedPage) -> bool:
    """Return whether `content` is empty, as of a 304, or the compressed body of `page` itself."""
    body, is_compressed = page.body
    return not content or (is_compressed and content is body)
