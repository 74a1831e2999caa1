"""Pages of admins: who gets articles as a file, and a list of addresses that is to get them.

All of them show addresses, and ask for the password again.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import admin_required, form_page, person_asking, post_only
from accounts.reauthentication.guards import reauthentication_required
from core import limits
from core.htmx import is_fragment

from . import exporting, importing, listing, removing, reports
from .forms import SubscribersForm
from .models import SubscriberImport
from .offered import find, subscriptions

# Imports that the page lists.
LISTED = 10
View = Callable[..., Any]


def _guarded(view: View) -> View:
    """Let admins alone pass, ask for the password, and let no browser store the answer."""
    return admin_required(reauthentication_required(reading=True)(never_cache(view)))


@form_page
@_guarded
def subscribers(request: HttpRequest) -> HttpResponse:
    """Offer the file of all who get articles; take a list of addresses, and try it out."""
    if request.method != "POST":
        return _show(request, SubscribersForm())
    form = SubscribersForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    trial = importing.try_out(
        form.cleaned_data["file"],
        form.chosen,
        form_key=form.cleaned_data["form_key"],
        by=person_asking(request),
        now=timezone.now(),
    )
    return redirect("subscribers:import", pk=trial.pk)


def _show(request: HttpRequest, form: SubscribersForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "rows": limits.SUBSCRIBER_ROWS,
        "number": subscriptions().active().count(),
        "imports": SubscriberImport.objects.select_related("made_by").order_by("-pk")[:LISTED],
    }
    return render(request, "notifications/settings/subscribers.html", context, status=status)


@require_safe
@_guarded
def listed(request: HttpRequest) -> HttpResponse:
    """List the addresses that follow without an account, a page of them; find some of them."""
    context = {
        "page": listing.page_of(request.GET),
        "standings": listing.Standing.choices,
        "q": request.GET.get("q", ""),
        "state": request.GET.get("state", ""),
        "undo": request.GET.get("undo", ""),
        "removed": removing.removed_by(request.GET.get("undo", "")),
        "with_account": subscriptions().active().filter(address="").count(),
    }
    return render(request, "notifications/settings/followers.html", context)


@post_only
@_guarded
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End what an address follows; the list offers the undo."""
    undo_token = removing.remove(pk)
    back = reverse("subscribers:followers")
    if not undo_token:
        messages.info(request, _("This address did not follow that any more."))
        return redirect(back)
    return redirect(f"{back}?{urlencode({'undo': undo_token})}")


@post_only
@_guarded
def remove_undo(request: HttpRequest) -> HttpResponse:
    """Undo a removal."""
    if removing.undo(request.POST.get("removal", "")):
        messages.success(request, _("The address follows it again."))
    else:
        messages.error(request, _("This can no longer be undone. The owner can follow again."))
    return redirect("subscribers:followers")


@require_safe
@_guarded
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the file of all who get articles by mail, line by line."""
    return _csv(exporting.export(), "subscribers.csv")


@require_safe
@_guarded
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would become of a list, how far its import is, or what became of it."""
    made = get_object_or_404(SubscriberImport, pk=pk)
    offered = find(made.target, importing.key_of(made))
    context = {"report": reports.report_of(made), "offered": offered}
    page = "_import.html" if is_fragment(request) else "import.html"
    return render(request, f"notifications/settings/{page}", context)


@require_safe
@_guarded
def loss(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the rows that are left out, and why, as a file."""
    made = get_object_or_404(SubscriberImport, pk=pk)
    return _csv(reports.loss_report(made), f"left-out-{made.pk}.csv")


@post_only
@_guarded
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an import; a second press changes nothing."""
    made = get_object_or_404(SubscriberImport, pk=pk)
    importing.start(made.pk)
    return redirect("subscribers:import", pk=made.pk)


@post_only
@_guarded
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a list away that was not imported; one that was stays for its report."""
    is_gone = importing.discard(pk)
    messages.success(
        request,
        _("Thrown away. Nothing of the list is kept.")
        if is_gone
        else _("This list was imported, or thrown away before."),
    )
    return redirect("subscribers:subscribers")


def _csv(lines: Any, name: str) -> HttpResponseBase:
    """Return a file that is made while it is sent; spreadsheets cannot run its cells."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
