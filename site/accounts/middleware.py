"""End old sessions, and renew those in use."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core import limits

STARTED = "started"
SEEN = "seen"
# Writing the session at every visit would be a write for every page; once a day is enough to
# measure 30 days without a visit.
SEEN_EVERY = timedelta(days=1)


def end_old_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """End sessions older than `SESSION_ABSOLUTE`, those of staff after `SESSION_STAFF`.

    `SESSION_COOKIE_AGE` ends sessions without a visit; a visit renews it here, once a day.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.public:  # type: ignore[attr-defined]
            # No page of theirs does without: reading them through a lazy object would take longer.
            request.user = get_user(request)
            if request.user.is_authenticated:
                _end_or_renew(request)
        return get_response(request)

    return middleware


def _end_or_renew(request: HttpRequest) -> None:
    now = timezone.now()
    started = _stored_time(request, STARTED)
    if started is None:
        request.session[STARTED] = request.session[SEEN] = now.isoformat()
        # One that began with a form typed signed out would end after a day.
        request.session.set_expiry(None)
        return
    staff = getattr(request.user, "is_staff", False)
    longest = limits.SESSION_STAFF if staff else limits.SESSION_ABSOLUTE
    if now - started > timedelta(seconds=longest):
        logout(request)
        return
    seen = _stored_time(request, SEEN)
    if seen is None or now - seen > SEEN_EVERY:
        request.session[SEEN] = now.isoformat()


def _stored_time(request: HttpRequest, name: str) -> datetime | None:
    stored = request.session.get(name)
    return datetime.fromisoformat(stored) if isinstance(stored, str) else None
