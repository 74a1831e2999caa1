"""Serve `/.well-known/security.txt` (RFC 9116): how to report a fault of the site."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

PATH = ".well-known/security.txt"
# RFC 9116 recommends less than a year. The file is made anew at each request, so half of that is
# enough for those who keep a copy.
VALID = timedelta(days=182)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return the address for reports, the languages they may have, and until when that holds."""
    expires = (timezone.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {settings.SITE_URL}/{PATH}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
