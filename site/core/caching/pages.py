"""Cache public pages in the process, compressed, until a version of what they show changes.

A view declares the versions it read (`keep`). Its page is then served from memory, before the rest
of the middleware, until a version changes or its time ends. Personal requests, those with a
session cookie, are never served from here.
"""

import gzip
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    MiddlewareNotUsed,
    PermissionDenied,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.module_loading import import_string
from isal import igzip

from .lru import Memory

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
Versions = Mapping[str, int]

# Level of gzip: 0.06 ms for a page of 60 kB. Level 3 takes twice as long to save another 5 %.
COMPRESSION = 2
# Bytes of memory for a page besides its body.
SLOT_SIZE = 2_000
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)")
# Addresses whose resolved views are cached.
RESOLVED = 1_000
# Headers that a 304 must repeat (RFC 9110, 15.4.5).
_OF_NOT_MODIFIED = {"Cache-Control", "ETag", "Vary"}
# Seconds by which the clocks of proxy and application may differ.
CLOCKS_DIFFER = 0.05
EXPIRES = "X-Accel-Expires"
# The key in `request.META` of the page that was sent.
PAGE = "counterpoint.page"
# What a view raises to refuse; Django makes an answer of it, and nobody has to mend anything.
_REFUSALS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


class StoredResponse(NamedTuple):
    """A response as given to the server, without the headers that depend on the time."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class CachePolicy:
    """The versions a view read for its page, and the time at which the page ends in any case."""

    versions: Versions
    until: float  # seconds since 1970


@dataclass
class CachedPage:
    """A page in memory. `seen` is the time at which its versions were last found current.

    The body is compressed at the first request that accepts gzip; the plain bytes are dropped then.
    """

    kept: CachePolicy
    etag: str
    headers: dict[str, str]
    seen: float  # seconds of time.monotonic()
    # The bytes, and whether they are compressed; one value, so that threads see both change.
    body: tuple[bytes, bool]
    # Stored responses by the headers they depend on; `core.caching.wsgi` replays them.
    told: dict[tuple[str | None, ...], "StoredResponse"] = field(default_factory=dict)

    @classmethod
    def of(cls, response: HttpResponse, kept: CachePolicy, seen: float) -> "CachedPage":
        """Return `response` as a page for the cache; `seen` is in seconds of time.monotonic()."""
        patch_vary_headers(response, ["Accept-Encoding"])
        # Processors have instructions for SHA-256: a third of the time of other digests.
        digest = sha256(response.content).hexdigest()[:24]
        # Weak: the same page is sent compressed and plain.
        etag = response.headers["ETag"] = f'W/"{digest}"'
        return cls(kept, etag, dict(response.headers), seen, (response.content, False))

    def is_fresh(self) -> bool:
        """Return whether the page may be sent without checking its versions."""
        age = time.monotonic() - self.seen
        return age < settings.PUBLIC_PAGE_CHECK_SECONDS and time.time() < self.kept.until

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the response to `request`, with the time until which a proxy may send it again."""
        response = self._answer(request)
        if expires := self.expires():
            response.headers[EXPIRES] = expires
        request.META[PAGE] = self
        return response

    def expires(self) -> str:
        """Return the `X-Accel-Expires` header of the page; empty if a proxy may not keep it.

        nginx counts in whole seconds and takes a point in time or a duration. The end of the
        second in which the page was checked is at most one second away; a duration of 1 could be
        two.
        """
        now = time.time()
        known = now - (time.monotonic() - self.seen) - CLOCKS_DIFFER
        return f"@{int(now)}" if int(known) == int(now) and int(now) + 1 <= self.kept.until else ""

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Return the page compressed, plain, or as 304."""
        if self.etag == request.META.get("HTTP_IF_NONE_MATCH"):
            return self._not_modified()
        if _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            response = HttpResponse(self._compressed())
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = HttpResponse(self._plain())
        for name, value in self.headers.items():
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(response.content))
        return _conditional(request, response)

    def _compressed(self) -> bytes:
        content, is_compressed = self.body
        if not is_compressed:
            content = igzip.compress(content, COMPRESSION, mtime=0)
            self.body = content, True
        return content

    def _plain(self) -> bytes:
        content, is_compressed = self.body
        return gzip.decompress(content) if is_compressed else content

    def _not_modified(self) -> HttpResponse:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
        for name in _OF_NOT_MODIFIED & self.headers.keys():
            response.headers[name] = self.headers[name]
        return response


@dataclass
class Slot:
    """The page of one address, if there is one, and the lock under which it is built."""

    page: CachedPage | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return SLOT_SIZE + (len(self.page.body[0]) if self.page else 0)


class Store(Memory[Slot]):
    """The slots of all cached pages, by address."""

    def slot(self, address: str) -> Slot:
        """Return the slot of `address`, creating it if needed."""
        slot = self.get(address)
        if slot is None:
            with _making:
                slot = self.get(address)
                if slot is None:
                    slot = Slot()
                    self.put(address, slot)
        return slot


_making = threading.Lock()
store = Store(settings.PUBLIC_PAGE_MEMORY)


def keep(request: HttpRequest, versions: Versions, until: float = float("inf")) -> None:
    """Cache the public response to `request` while `versions` are current.

    The caller must read the versions before anything else on the page. `until` is the next time,
    in seconds since 1970, at which the page changes without a write.
    """
    request.kept = CachePolicy(versions, until)  # type: ignore[attr-defined]


def end(request: HttpRequest, until: float) -> None:
    """End the cached page of `request` at `until` (seconds since 1970) at the latest.

    For parts of a page that learn only while rendered when time will change them.
    """
    kept: CachePolicy | None = getattr(request, "kept", None)
    if kept is not None:
        request.kept = CachePolicy(kept.versions, min(kept.until, until))  # type: ignore[attr-defined]


def public_pages(get_response: GetResponse) -> GetResponse:
    """Serve public requests for `PUBLIC_PAGES` from memory; build each page in one thread only.

    `PUBLIC_PAGE_VERSIONS` names the function that returns the current versions of given names.
    """
    build = _fast_build(get_response)
    is_public_page = re.compile(settings.PUBLIC_PAGES).fullmatch
    present: Callable[[Versions], Versions] = import_string(settings.PUBLIC_PAGE_VERSIONS)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_public_page(request.path_info) or not _is_public_read(request):
            return get_response(request)
        address = request.get_full_path()
        slot = store.slot(address)
        page = slot.page
        if page is not None and page.is_fresh():
            return page.answer(request)
        with slot.lock:
            page = slot.page
            if page is not None and (page.is_fresh() or _still_holds(page, present)):
                return page.answer(request)
            return _build(request, address, slot, build)

    return middleware


def _fast_build(get_response: GetResponse) -> GetResponse:
    """Return the function that builds a page: its view behind `PUBLIC_PAGE_MIDDLEWARE` only.

    The middleware for signed-in requests takes a tenth of the time of a page. A response that is
    not to be cached, or an error, is built again behind all middleware.
    """
    if not settings.PUBLIC_PAGE_MIDDLEWARE:
        return get_response
    fast = _view
    for path in reversed(settings.PUBLIC_PAGE_MIDDLEWARE):
        with suppress(MiddlewareNotUsed):
            fast = import_string(path)(fast)

    def build(request: HttpRequest) -> HttpResponse:
        try:
            response = fast(request)
        except _REFUSALS:
            return get_response(request)
        except Exception:
            _log_failure(request)
            return get_response(request)
        is_page = hasattr(request, "kept") and response.status_code == 200
        return response if is_page else get_response(request)

    return build


def _log_failure(request: HttpRequest) -> None:
    """Log the exception being handled with the route of `request`, whose address may be private."""
    match = request.resolver_match
    route = match.route if match else "(no route)"
    logger.warning("The fast build of a public page failed: %s", route, exc_info=True)


def _view(request: HttpRequest) -> HttpResponse:
    """Call the view of the page as an anonymous user."""
    request.user = AnonymousUser()
    request.resolver_match = match = _resolved(request.path_info)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


@lru_cache(maxsize=RESOLVED)
def _resolved(path: str) -> ResolverMatch:
    return resolve(path)


def _is_public_read(request: HttpRequest) -> bool:
    """Return whether everyone gets the same page: a safe method, no session, a valid host.

    A request that names an encoding (`core.middleware.refuse_other_charsets`) is no such one.
    """
    if request.method not in {"GET", "HEAD"} or request.encoding is not None:
        return False
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False  # refused by the rest of the middleware, with all headers
    return "HTTP_COOKIE" not in request.META or (
        settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _still_holds(page: CachedPage, present: Callable[[Versions], Versions]) -> bool:
    """Return whether `page` shows the current versions, and mark it as fresh if so."""
    asked = time.monotonic()
    if time.time() >= page.kept.until or present(page.kept.versions) != page.kept.versions:
        return False
    page.seen = asked
    return True


def _build(
    request: HttpRequest, address: str, slot: Slot, get_response: GetResponse
) -> HttpResponse:
    """Build the response, and cache it if its view called `keep`."""
    started = time.monotonic()
    conditions = {name: request.META.pop(name) for name in _CONDITIONS if name in request.META}
    method, request.method = request.method, "GET"
    response = get_response(request)
    request.method = method
    request.META.update(conditions)
    kept = getattr(request, "kept", None)
    if kept is None or response.status_code != 200 or response.cookies:
        slot.page = None
        store.forget(address)
        return _conditional(request, response)
    page = slot.page = CachedPage.of(response, kept, started)
    answer = page.answer(request)
    store.put(address, slot)
    return answer


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not any(name in request.META for name in _CONDITIONS):
        return response
    answer = get_conditional_response(request, response.headers.get("ETag"), None, response)
    assert answer is not None
    return answer
