"""Sessions end in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core import limits

STARTED = "started"
SEEN = "seen"
# Writing the session at every visit would be a write for every page; once a day is enough to
# count 30 days without one.
SEEN_EVERY = timedelta(days=1)


def end_old_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """End sessions that are too old, staff's sooner; without a session cookie do nothing.

    `SESSION_COOKIE_AGE` ends those without a visit; this renews it, and ends the others.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.public and request.user.is_authenticated:  # type: ignore[attr-defined]
            _end_or_renew(request)
        return get_response(request)

    return middleware


def _end_or_renew(request: HttpRequest) -> None:
    now = timezone.now()
    started = _moment(request, STARTED)
    if started is None:
        request.session[STARTED] = request.session[SEEN] = now.isoformat()
        return
    staff = getattr(request.user, "is_staff", False)
    longest = limits.SESSION_STAFF if staff else limits.SESSION_ABSOLUTE
    if now - started > timedelta(seconds=longest):
        logout(request)
        return
    seen = _moment(request, SEEN)
    if seen is None or now - seen > SEEN_EVERY:
        request.session[SEEN] = now.isoformat()


def _moment(request: HttpRequest, name: str) -> datetime | None:
    written = request.session.get(name)
    return datetime.fromisoformat(written) if isinstance(written, str) else None
