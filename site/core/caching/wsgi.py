"""Answers given again before Django begins a request.

For each request Django looks after its connections, and calls whoever waits for its begin and its
end. For a page that is kept this takes longer than to answer. So an answer with such a page is kept
as it went out, with the page, and goes out again to whoever asks for the same in the same way, for
as long as the page is known to be right; it then needs no database and nothing else of Django.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from .pages import EXPIRES, PAGE, CachedPage, StoredResponse, store

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

# All that an answer with a kept page depends on, beside its address and the lack of a session.
ASKED = (
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_X_FORWARDED_PROTO",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)
# Ways to ask for one page that are remembered: browsers and proxies have a few.
WAYS = 16
# Addresses that are written in one way only, so that they are their own key.
_PLAIN = re.compile(r"[\w/.~=&-]*", re.ASCII)

Way = tuple[str | None, ...]


def replaying(application: Application) -> Application:
    """Return `application`, but with answers given again where that is right."""

    def replay(environ: Environ, start_response: Start) -> Iterable[bytes]:
        address = _address(environ)
        if address is None:
            return application(environ, start_response)
        way = tuple(map(environ.get, ASKED))
        slot = store.get(address)
        page = slot.page if slot else None
        told = page.told.get(way) if page else None
        if page is None or told is None or not page.is_fresh():
            return _note(application, environ, start_response, way)
        headers = [*told.headers]
        if expires := page.expires():
            headers.append((EXPIRES, expires))
        start_response(told.status, headers)
        return [told.body]

    return replay


def _address(environ: Environ) -> str | None:
    """Return the address of what everybody gets alike; None for anything else."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("SCRIPT_NAME"):
        return None
    if settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", ""):
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if not (_PLAIN.fullmatch(path) and _PLAIN.fullmatch(query)):
        return None
    return f"{path}?{query}" if query else path


def _note(
    application: Application, environ: Environ, start_response: Start, way: Way
) -> Iterable[bytes]:
    """Let `application` answer; if it did so with a page, note the answer with the page."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        begun.append((status, [*headers]))  # servers may add their own
        return start_response(status, headers, *more)

    response: Any = application(environ, start)
    page: CachedPage | None = environ.pop(PAGE, None)
    if page is not None and len(page.told) < WAYS and _takes_no_room(response.content, page):
        status, headers = begun[-1]
        lasting = [(name, value) for name, value in headers if name != EXPIRES]
        page.told[way] = StoredResponse(status, lasting, response.content)
    return response  # type: ignore[no-any-return]


def _takes_no_room(content: bytes, page: CachedPage) -> bool:
    """Return whether `content` is nothing, as of a 304, or what `page` has in memory anyway."""
    body, is_compressed = page.body
    return not content or (is_compressed and content is body)
