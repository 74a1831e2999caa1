"""The QR code of an app that is being set up, as an image of its own address."""

from allauth.mfa.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..guards import person_asking, signed_in
from ..reauthentication.guards import reauthentication_required
from . import pending


@require_safe
@never_cache
@signed_in
@reauthentication_required(reading=True)
def qr(request: HttpRequest) -> HttpResponse:
    """Send the QR code as SVG; 404 unless an app is being set up in this session."""
    secret = pending.secret_of(request)
    if secret is None:
        raise Http404
    adapter = get_adapter()
    url = adapter.build_totp_url(person_asking(request), secret)
    return HttpResponse(adapter.build_totp_svg(url), content_type="image/svg+xml")
