"""Answer a form of signing in that was sent twice, as by a double press.

The browser shows the second answer. By then the session and its token are new, so the form has
expired though it did what was asked: the second answer leads where the first did.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from core.errors import expired_form

# The key in the session of where signing in led, and when, in seconds since 1970.
_LED_TO = "signing_in_led_to"
# A second press follows at once; a slow line delays it.
FRESH = timedelta(minutes=1)
_FORMS = frozenset(
    {
        "account_login",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)


def remember(request: HttpRequest, address: str) -> None:
    """Remember in the session that signing in leads to `address` now."""
    request.session[_LED_TO] = [address, timezone.now().timestamp()]


def led_to(request: HttpRequest) -> str:
    """Return where signing in led the person asking just now, or ""."""
    address, at = request.session.get(_LED_TO) or ("", 0)
    is_fresh = timezone.now().timestamp() - at < FRESH.total_seconds()
    return address if request.user.is_authenticated and is_fresh else ""


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid CSRF token: lead on after a double press, else 403."""
    match = request.resolver_match
    address = led_to(request) if match and match.url_name in _FORMS else ""
    return redirect(address) if address else expired_form(request, reason)
