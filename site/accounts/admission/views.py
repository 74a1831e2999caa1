"""Serve the invitation links of a site to its admins, and each link to those who got it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import drafts
from ..guards import admin_required, form_page, person_asking, post_only
from . import invitations as links
from .forms import InvitationForm
from .models import Invitation

# Links that the page lists, the newest.
LISTED = 50


@form_page
@admin_required
@never_cache
def invitations(request: HttpRequest) -> HttpResponse:
    """List the invitation links and make one, whose address is shown this once."""
    if request.method != "POST":
        return _show(request, InvitationForm(drafts.take(request, request.path)))
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    made, address = links.make(by=person_asking(request), **form.values)
    if not address:
        messages.info(
            request,
            _(
                "This link was made already, and its address is shown only once. Make another if "
                "you did not copy it."
            ),
        )
        return redirect("people:invitations")
    return _show(request, InvitationForm(), made=made, address=address)


@post_only
@admin_required
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke an invitation link."""
    get_object_or_404(Invitation, pk=pk)
    was_live = links.revoke(pk)
    messages.success(
        request,
        _("Revoked. The link no longer works.") if was_live else _("It was already revoked."),
    )
    return redirect("people:invitations")


@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let this browser sign up by the link with `token`, or say that it lets nobody in."""
    if request.user.is_authenticated:
        messages.info(request, _("You already have an account. This link is for somebody new."))
        return redirect("/")
    found = links.find(token)
    if found is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    links.remember(request, found)
    return redirect("account_signup")


def _show(
    request: HttpRequest,
    form: InvitationForm,
    status: int = 200,
    *,
    made: Invitation | None = None,
    address: str = "",
) -> HttpResponse:
    usable = set(Invitation.objects.usable().values_list("pk", flat=True))
    listed = list(
        Invitation.objects.select_related("made_by")
        .prefetch_related("uses_made__person")
        .order_by("-pk")[:LISTED]
    )
    context = {
        "form": form,
        "made": made,
        "address": address,
        "rows": [{"link": link, "is_usable": link.pk in usable} for link in listed],
    }
    return render(request, "accounts/invitations.html", context, status=status)
