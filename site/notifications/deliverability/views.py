"""Show admins what became of sent mail, let them pause the mail of articles and go on, and take
what the provider of mail tells.
"""

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
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


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """Record the bounces and complaints that the provider of mail tells; 404 without a provider.

    The provider has no cookie and no token against forgery: its secret and signature say that it
    may. Whatever is not recorded it tells again, so a fault of the database loses nothing.
    """
    if not settings.EMAIL_PROVIDER:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    from . import webhooks  # other sites have no django-anymail

    try:
        reports = webhooks.read(request)
    except webhooks.NotFromProvider:
        return HttpResponseForbidden()
    except webhooks.Unreadable:
        return HttpResponseBadRequest()
    events.record_all(reports)
    return HttpResponse()
