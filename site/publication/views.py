"""Serve the style sheet of the site profile under an address that names its content."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import current, look
from .models import SiteProfile

# Versions whose style sheets are served: a cached page names that of a moment ago.
SERVED = 8


@require_safe
def sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Return the style sheet named by `digest`, for ever; 404 unless a recent version has it."""
    newest = [current.current(), *SiteProfile.objects.order_by("-number")[:SERVED]]
    found = next((css for css in map(look.sheet_of, newest) if look.digest_of(css) == digest), "")
    if not found:
        raise Http404
    # The same for everybody, also for requests with a session.
    request.public = True  # type: ignore[attr-defined]
    response = HttpResponse(found, content_type="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
