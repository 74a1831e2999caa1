"""Serve what browsers fetch of the site profile: its style sheet and its manifest."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core.caching.immutable import IMMUTABLE

from . import current, look
from .manifest import manifest_of
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
    response = HttpResponse(found, content_type="text/css")
    response.headers["Cache-Control"] = IMMUTABLE
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest, the same for everybody."""
    found = manifest_of(current.current())
    return JsonResponse(found, content_type="application/manifest+json")
