"""Views of mail: the page of one's ways, and the page that a link in a mail leads to."""

from contextlib import suppress
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.guards import form_page, person_asking, post_only, signed_in
from accounts.models import User
from core import limits
from core.htmx import is_fragment
from core.zones import zone_label, zone_options
from publication import current

from ..kinds import Way
from . import scopes, settings, stopping
from .models import StoppedAddress

# Seconds.
MINUTE = 60


class NumberedRow(NamedTuple):
    """A row with its number in the form, its kinds with theirs, and whether these are unfolded."""

    place: int
    row: settings.WayRow
    kinds: list[tuple[int, settings.WayRow]]
    is_open: bool


@form_page
@signed_in
@never_cache
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Show the ways of mail and save those that are changed, each at once where scripts run."""
    person = person_asking(request)
    if request.method != "POST":
        return _show(request, person, _saved_before(request))
    try:
        changed = settings.save(person, settings.sent_rows(request.POST.dict()))
        if (zone := request.POST.get("time_zone")) is not None:
            changed += [each for each in [settings.save_zone(person, zone)] if each]
    except ValueError:
        error = _("This choice does not exist. Nothing was changed; please choose again.")
        return _show(request, person, None, error=error, status=422)
    if is_fragment(request):
        return _show(request, person, changed)
    was = [("undo", f"{each.scope}={each.before}") for each in changed]
    asked = [("about", request.POST["about"])] if request.POST.get("about") else []
    saved = [("saved", "1")]
    return redirect(f"{reverse('notifications:mail-settings')}?{urlencode(asked + saved + was)}")


@post_only
@signed_in
def address_again(request: HttpRequest) -> HttpResponse:
    """Send mail again to the person's address, which was stopped after its provider refused it."""
    email = person_asking(request).email or ""
    StoppedAddress.objects.filter(address__iexact=email).delete()
    return redirect("notifications:mail-settings")


def _saved_before(request: HttpRequest) -> list[settings.Changed] | None:
    """Return what was saved just now, as the address says; None if nothing was."""
    if "saved" not in request.GET:
        return None
    pairs = [said.partition("=") for said in request.GET.getlist("undo")]
    before = [(scope, was) for scope, _equals, was in pairs]
    return settings.changed_since(person_asking(request), before)


def _show(
    request: HttpRequest,
    person: User,
    changed: list[settings.Changed] | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the ways, with what was `changed` just now and its undo."""
    undo = [(each.scope, each.now, each.before) for each in changed or []]
    about = request.POST.get("about", "") or request.GET.get("about", "")
    groups = settings.rows_of_groups(person)
    own = settings.rows_of_their_own(person, about)
    context: dict[str, Any] = {
        "person": person,
        "gathered": _gathered(),
        "rows": _numbered([*groups, *own], {scope for scope, _was, _way in undo}),
        "first_own": own[0].scope if own else None,
        "about": about,
        "zones": zone_options(person.time_zone),
        "site_zone": zone_label(current.current().time_zone),
        "undo": [row for row in undo if row[0] != settings.ZONE],
        "zone_before": next((row[2] for row in undo if row[0] == settings.ZONE), None),
        "saved": changed is not None,
        "changed": changed,
        "error": error,
        "stopped": StoppedAddress.objects.filter(address__iexact=person.email or "").first(),
    }
    page = "me/_mail.html" if is_fragment(request) else "me/mail.html"
    return render(request, page, context, status=status)


def _gathered() -> str:
    """Return the sentence that says when mail "at once" comes; "" where it waits for nothing."""
    minutes = -(-limits.MAIL_GATHERED // MINUTE)
    if not minutes:
        return ""
    return ngettext(
        "“At once” means about %(n)d minute later: what happens in that time comes in one e-mail, "
        "and what you have read here by then is left out. New articles do not wait.",
        "“At once” means about %(n)d minutes later: what happens in that time comes in one e-mail, "
        "and what you have read here by then is left out. New articles do not wait.",
        minutes,
    ) % {"n": minutes}


def _numbered(rows: list[settings.WayRow], changed: set[str]) -> list[NumberedRow]:
    """Return `rows` with their numbers; kinds of which one counts or was `changed` are unfolded."""
    numbers = count()
    return [
        NumberedRow(
            next(numbers),
            row,
            [(next(numbers), kind) for kind in row.kinds],
            row.has_own or any(kind.scope in changed for kind in row.kinds),
        )
        for row in rows
    ]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to end what a mail's link is about, and end it by a POST.

    Mail programs send that POST themselves (RFC 8058), without a cookie and without a token against
    forgery: the signature in the address says that its receiver may. A GET changes nothing.
    """
    link = scopes.link_of(token)
    found = stopping.find(link) if link else None
    if link is None or found is None:
        return render(request, "mail/stop_gone.html", status=404)
    asked = Way.NONE
    with suppress(ValueError):
        asked = Way(request.POST.get("way") or request.GET.get("way") or Way.NONE)
    done = request.method == "POST"
    was_so = done and not stopping.change(link, asked)
    context = {
        "found": stopping.find(link) if done else found,
        "before": found.way,
        "way": asked,
        "done": done,
        "was_so": was_so,
        "address": reverse("notifications:mail-stop", args=[token]),
        "undo_address": reverse("notifications:mail-stop", args=[scopes.token_of(found.undo)]),
        "is_person": bool(link.person),
    }
    return render(request, "mail/stop.html", context)
