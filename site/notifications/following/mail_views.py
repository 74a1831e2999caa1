"""Pages without an account: ask to follow, confirm behind a mailed link, see and end it."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.numbers import number

from ..addresses import mailbox_of
from ..models import StoppedAddress, Subscription
from ..targets import Key, Target, TargetType
from . import by_mail, links, listing
from .forms import AddressForm

# The cookie with the form and the address of somebody who just asked, for the page that says so.
ASKED, ASKED_SECONDS = f"{'__Secure-' if settings.HTTPS else ''}follow-asked", 10 * 60
_LINK_PAGE = "following/confirm.html"
_LIST_PAGE = "following/by_mail.html"


def ask(request: HttpRequest, kind: TargetType, key: Key, target: Target) -> HttpResponse:
    """Show the form for an address; when sent, mail a link; the answer is the same for all."""
    form = AddressForm(request.POST if "email" in request.POST else None)
    context = {"type": kind, "target": target, "key": key, "form": form}
    if not form.is_bound:
        return render(request, "following/follow.html", context)
    status = 422
    if form.is_valid():
        if ratelimit.consume(request, action="follow_by_mail"):
            email = form.cleaned_data["email"]
            mailbox = mailbox_of(email)
            may_mail = ratelimit.consume(request, action="mailbox", key=mailbox)
            by_mail.ask(request, email, kind.name, key, may_mail=may_mail)
            return _remembering(redirect("following:asked"), request.path, email)
        form.add_error(None, _("Too many tries. Please wait a minute and try again."))
        status = 429
    return render(request, "following/follow.html", context, status=status)


def _remembering(answer: HttpResponse, form: str, address: str) -> HttpResponse:
    """Let the next page name the `address` typed into the `form`; no session, no log has it."""
    answer.set_signed_cookie(
        ASKED,
        f"{form} {address}",
        max_age=ASKED_SECONDS,
        path=reverse("following:asked"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next, with the address that was just typed; the same for all addresses."""
    typed = request.get_signed_cookie(ASKED, default="", max_age=ASKED_SECONDS) or ""
    form, _space, address = typed.partition(" ")
    return render(request, "following/asked.html", {"address": address, "form_url": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what waits for the address, to be chosen from; when sent, confirm what is chosen."""
    mailed = by_mail.find(token)
    if mailed is None:
        return render(request, _LINK_PAGE, {"gone": True}, status=410)
    if request.method == "POST":
        chosen = {pk for each in request.POST.getlist("chosen") if (pk := number(each))}
        by_mail.confirm(mailed.address, chosen)
        return redirect(links.to_list(mailed))
    waiting = Subscription.objects.of_address(mailed.address).waiting()
    context = {
        "address": mailed.address,
        "waiting": [
            each for each in listing.followed(waiting, AnonymousUser()) if each.target is not None
        ],
        "list_url": links.to_list(mailed),
    }
    return render(request, _LINK_PAGE, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail_list(request: HttpRequest, signed: str) -> HttpResponse:
    """Show what an address follows, with the button to end each or to undo that.

    One that is sent nothing, since mail bounced or was reported as spam, may be tried again. Once
    an account has taken over what it follows, the page leads to the account's own.
    """
    row = links.row_of(signed)
    if row is None:
        return render(request, _LIST_PAGE, {"gone": True}, status=410)
    if row.user_id is not None:
        return render(request, _LIST_PAGE, {"joined": True})
    address = row.address
    stopped = StoppedAddress.objects.filter(address__iexact=address)
    if "again" in request.POST:
        stopped.delete()
        return redirect(request.path)
    if request.method == "POST":
        pk, is_on = number(request.POST.get("one", "")) or 0, request.POST.get("follow") == "1"
        by_mail.change(address, pk, is_on=is_on)
        return redirect(request.path)
    rows = Subscription.objects.of_address(address).filter(confirmed_at__isnull=False)
    context = {
        "address": address,
        "stopped": stopped.first(),
        "followed": listing.followed(rows, AnonymousUser()),
    }
    return render(request, _LIST_PAGE, context)
