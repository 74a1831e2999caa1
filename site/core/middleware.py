"""Middleware for all requests: security headers, size limit, ETags, public or personal."""

import codecs
import re
from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_cache_control, patch_vary_headers

from . import limits
from .errors import method_refused, too_large, unreadable
from .numbers import MOST_DIGITS

GetResponse = Callable[[HttpRequest], HttpResponse]

SERVER_ERROR = 500
# Django's debug pages, which only developers see, have inline styles.
_DEBUG_PAGES = {HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR}
# No page needs a camera, a microphone or a location, and no third-party script runs.
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), browsing-topics=()"


def security_headers(get_response: GetResponse) -> GetResponse:
    """Add the headers that Django's SecurityMiddleware does not set.

    No page has a policy of its own, so it is built once; django-csp's middleware builds it for
    every response.
    """
    policy = build_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in _DEBUG_PAGES):
            response.setdefault(POLICY, policy)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refuse_large_bodies(get_response: GetResponse) -> GetResponse:
    """Answer 413 to a body that is too large, before reading it.

    That is above `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes, or `limits.UPLOAD_BYTES` where forms have
    pictures (`UPLOAD_PATHS`). The other fields of those keep to the first, which Django checks.
    """
    takes_uploads = re.compile(settings.UPLOAD_PATHS)

    def middleware(request: HttpRequest) -> HttpResponse:
        is_upload = takes_uploads.fullmatch(request.path) is not None
        most = limits.UPLOAD_BYTES if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if _is_above(most, request.META.get("CONTENT_LENGTH") or "0"):
            return too_large(request)
        return get_response(request)

    def refuse_too_large(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return too_large(request) if isinstance(exception, RequestDataTooBig) else None

    middleware.process_exception = refuse_too_large  # type: ignore[attr-defined]
    return middleware


def _is_above(most: int, length: str) -> bool:
    """Return whether `length`, as sent, is above `most`; Django reads what is no number as 0."""
    if not (length.isascii() and length.isdigit()):
        return False
    return len(length) > MOST_DIGITS or int(length) > most


def refuse_other_charsets(get_response: GetResponse) -> GetResponse:
    """Answer 415 to a request that says it is written in another encoding than UTF-8.

    Django would decode address and form by it: some make errors of what they decode, and a text
    in others would pass the checks and be stored as something else.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.encoding is None or is_utf8(request.encoding):
            return get_response(request)
        request.encoding = None  # type: ignore[assignment]  # the answer reads the address
        return unreadable(request)

    return middleware


def is_utf8(charset: str) -> bool:
    """Return whether `charset`, a name that Python knows, is UTF-8 or a part of it."""
    return codecs.lookup(charset).name in {"utf-8", "ascii"}


def explain_refused_methods(get_response: GetResponse) -> GetResponse:
    """Put a page with the way on in the place of an empty 405.

    It is the innermost, so that the page knows who is signed in.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return method_refused(request, response.headers["Allow"])
        return response

    return middleware


class ConditionalGet(ConditionalGetMiddleware):
    """Give ETags to public pages except cached ones, which have theirs from `core.caching.pages`.

    A personal page is stored nowhere, so nobody could ask whether it is still the same.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return `response`, or a 304 in its place."""
        if hasattr(request, "kept") or not request.public:  # type: ignore[attr-defined]
            return response
        return super().process_response(request, response)


def separate_public_and_personal(get_response: GetResponse) -> GetResponse:
    """Tell public requests from personal ones, by the session cookie alone.

    Addresses that are the same for everybody (`SAME_FOR_EVERYBODY`) are asked without any cookie.
    Sets `request.public`. Public responses that set no cookie are the same for everyone and may be
    stored; all others, and server errors, are `private, no-store`.
    """

    same_for_everybody = re.compile(settings.SAME_FOR_EVERYBODY)

    def middleware(request: HttpRequest) -> HttpResponse:
        has_one_answer = same_for_everybody.fullmatch(request.path) is not None
        if has_one_answer:
            request.COOKIES.clear()
        request.public = settings.SESSION_COOKIE_NAME not in request.COOKIES  # type: ignore[attr-defined]
        response = get_response(request)
        if request.public and _may_be_stored(request, response):  # type: ignore[attr-defined]
            if not response.has_header("Cache-Control"):
                # Stored but revalidated each time: a write shows within a second.
                patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            if not has_one_answer:
                patch_vary_headers(response, ["Cookie"])
        else:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def _may_be_stored(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether a shared cache may store the response to a public request."""
    is_read = request.method in {"GET", "HEAD"}
    return is_read and not response.cookies and response.status_code < SERVER_ERROR
