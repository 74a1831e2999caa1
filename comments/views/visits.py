"""Store how far a reader has read a discussion: by a script, or by a button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.guards import person_asking, post_only, signed_in
from accounts.models import User
from core.csrf import is_of_another
from core.numbers import number

from ..access import get_post
from ..reading import visits


@require_POST
def visit(request: HttpRequest, slug: str) -> HttpResponse:
    """Store that the page `version` of a discussion was seen; sent by a script, answers 204.

    It is no form that somebody filled in: after the session has ended it is refused, not kept.
    """
    version = number(request.POST.get("version", ""))
    if not isinstance(request.user, User) or is_of_another(request):
        return HttpResponse(status=403)
    post = get_post(request.user, slug)
    if version is None:
        return HttpResponse(status=400)
    visits.read_up_to(post, version, by=request.user)
    return HttpResponse(status=204)


@post_only
@signed_in
def mark_read(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark everything as read that the page `version` of a discussion showed; offer the undo."""
    post = get_post(request.user, slug)
    version = number(request.POST.get("version", "")) or 0
    marked = visits.mark_all_read(post, version, by=person_asking(request))
    if marked is None:
        messages.success(request, _("Marked as read."))
    asked = f"?marked={marked}" if marked else ""
    return redirect(f"{post.get_absolute_url()}{asked}#discussion")


@post_only
@signed_in
def mark_read_undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Undo such a marking, which the field `marked` describes; anything else changes nothing."""
    post = get_post(request.user, slug)
    marked = visits.MarkedRead.of(request.POST.get("marked", ""))
    if marked is not None:
        visits.mark_unread(post, marked, by=person_asking(request))
    return redirect(f"{post.get_absolute_url()}#discussion")
