"""The page behind the link in the mail about a change."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.exceptions import ActionRefused

from . import actions, links
from .models import SnapshotAddress

PAGE = "accounts/restoration.html"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def restoration(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link does; when sent, put the account back and mail a code to sign in with."""
    address = links.receiver(token)
    if address is None:
        return render(request, PAGE, {"gone": True}, status=410)
    if request.method != "POST":
        return _show(request, address)
    # The limit of signing in: of a million codes three are right.
    key = str(address.snapshot.user_id)
    if _asks_code(address) and not ratelimit.consume(request, action="second_factor", key=key):
        return _show(
            request,
            address,
            _("Too many codes were tried. Please wait a few minutes and try again."),
            429,
        )
    try:
        person = actions.restore(address, request.POST.get("code", "").strip())
    except ActionRefused as refused:
        return _show(request, address, refused.message, refused.status)
    logout(request)
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=address.email)
    onwards = urlencode({"next": reverse("account_change_password")})
    return redirect(f"{reverse('account_confirm_login_code')}?{onwards}")


def _asks_code(address: SnapshotAddress) -> bool:
    """Return whether the account had a second factor before the changes."""
    return address.snapshot.factors.exists()


def _show(
    request: HttpRequest, address: SnapshotAddress, error: str = "", status: int = 200
) -> HttpResponse:
    snapshot = address.snapshot
    context = {
        "address": address,
        "snapshot": snapshot,
        "asks_code": _asks_code(address),
        "error": error,
    }
    return render(request, PAGE, context, status=status)
