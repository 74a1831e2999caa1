"""Context processor: the addresses of site and page for every template."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return `site_url` without trailing slash, `canonical_url`, and the flag `public`."""
    return {
        "site_url": settings.SITE_URL,
        "canonical_url": f"{settings.SITE_URL}{request.path}",
        "public": getattr(request, "public", True),
    }
