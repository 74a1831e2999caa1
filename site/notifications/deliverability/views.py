"""Show admins what became of sent mail, and let them pause the mail of articles and go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import admin_required, person_asking, post_only
from core import limits

from . import actions, events
from .figures import DAYS
from .models import ArticlePause

# Earlier pauses that the page lists.
LISTED = 5


@require_safe
@admin_required
@never_cache
def articles(request: HttpRequest) -> HttpResponse:
    """Show whether articles are sent by mail, and the figures that decide it."""
    pauses = ArticlePause.objects.select_related("paused_by", "ended_by").order_by("-pk")
    listed = list(pauses[: LISTED + 1])
    context = {
        "pause": next((each for each in listed if each.is_current), None),
        "earlier": [each for each in listed if not each.is_current][:LISTED],
        "figures": events.figures(),
        "days": DAYS,
        "mails": limits.PAUSE_MAILS,
        "events": limits.PAUSE_EVENTS,
        "bounces_most": limits.PAUSE_BOUNCES / 10,
        "complaints_most": limits.PAUSE_COMPLAINTS / 10,
    }
    return render(request, "notifications/settings/articles.html", context)


@post_only
@admin_required
def pause(request: HttpRequest) -> HttpResponse:
    """Pause the mail of articles; a second press changes nothing."""
    is_new = actions.pause(events.figures(), by=person_asking(request))
    messages.success(
        request,
        _("Paused. Articles wait, and are sent when you go on.")
        if is_new
        else _("It was paused already."),
    )
    return redirect("deliverability:articles")


@post_only
@admin_required
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """End one pause; a second press changes nothing, also if there is a later pause."""
    get_object_or_404(ArticlePause, pk=pk)
    was_current = actions.go_on(pk, by=person_asking(request))
    messages.success(
        request,
        _("Articles are sent by e-mail again.")
        if was_current
        else _("This pause had ended already."),
    )
    return redirect("deliverability:articles")
