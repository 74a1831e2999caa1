"""Pages with an account: follow something, what one follows, and end that with an undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import form_page, person_asking, post_only, signed_in
from accounts.models import User
from core.csrf import DRAWN_FOR
from core.exceptions import ActionRefused
from core.htmx import is_fragment
from core.numbers import number

from ..models import Subscription, SubscriptionQuerySet
from ..targets import Key, Target, TargetType, type_of
from . import actions, buttons, listing, mail_views


@never_cache
@form_page
def follow(request: HttpRequest, target: str, pk: int, detail: str = "") -> HttpResponse:
    """Show what following this means, with the button; by POST, follow it or end that."""
    is_sent = request.method == "POST"
    # A form drawn for an account is that of somebody whose session has ended.
    if is_sent and (isinstance(request.user, User) or request.POST.get(DRAWN_FOR)):
        return _change(request, target, Key(pk, detail))
    kind, found = _target(request, target, Key(pk, detail))
    if not isinstance(request.user, User) and not found.over:
        return mail_views.ask(request, kind, Key(pk, detail), found)
    context = {"type": kind, "target": found, "key": Key(pk, detail)}
    return render(request, "following/follow.html", context)


@signed_in
def _change(request: HttpRequest, name: str, key: Key) -> HttpResponse:
    """Follow the target or, with `follow` of 0, end that; either again changes nothing."""
    person = person_asking(request)
    if request.POST.get("follow") == "0":
        actions.stop(person, name, key)
        return _changed(request, name, key, is_on=False)
    _kind, target = _target(request, name, key)
    if target.over:
        raise ActionRefused(target.over, status=409)
    actions.follow(person, name, key)
    return _changed(request, name, key, is_on=True)


def _changed(request: HttpRequest, name: str, key: Key, *, is_on: bool) -> HttpResponse:
    """Return the button in its other state, or lead to what the press was about."""
    kind = type_of(name)
    target = kind.load(request.user, [key]).get(key) if kind else None
    if is_fragment(request) and kind is not None:
        title = target.title if target else ""
        in_menu = "in_menu" in request.POST
        return HttpResponse(
            buttons.form(request, name, key, title, is_on=is_on, pressed=True, in_menu=in_menu)
        )
    messages.success(request, _followed_message(kind) if is_on else _("You no longer follow this."))
    return redirect(target.url if target else "following:mine")


def _followed_message(kind: TargetType | None) -> str:
    told = kind.told if kind else ""
    return _("You follow this now. What you get: %(told)s") % {"told": told}


def _target(request: HttpRequest, name: str, key: Key) -> tuple[TargetType, Target]:
    """Return type and target; 404 for what is not there, or hidden from the person asking."""
    kind = type_of(name)
    target = kind.load(request.user, [key]).get(key) if kind else None
    if kind is None or target is None:
        raise Http404(_("There is nothing to follow here."))
    return kind, target


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the person follows, with the button to end each; what was just ended, to undo."""
    person = person_asking(request)
    rows = list(_mine(person).filter(ended_at__isnull=True))
    ended = _mine(person).filter(
        ended_at__isnull=False, pk=number(request.GET.get("ended", "")) or 0
    )
    context: dict[str, Any] = {
        "followed": listing.followed(rows, person),
        "ended": listing.followed(ended, person),
    }
    return render(request, "following/mine.html", context)


@post_only
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one subscription of the person; the list offers the undo."""
    actions.end(_one(request, pk))
    return redirect(f"{reverse('following:mine')}?ended={pk}")


@post_only
@signed_in
def end_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the end of one subscription."""
    actions.resume(_one(request, pk))
    messages.success(request, _("You follow it again."))
    return redirect("following:mine")


def _mine(person: User) -> SubscriptionQuerySet:
    return Subscription.objects.of(person).filter(confirmed_at__isnull=False)


def _one(request: HttpRequest, pk: int) -> SubscriptionQuerySet:
    """Return the subscription `pk` of the person; 404 if it is another's, or none."""
    rows = _mine(person_asking(request)).filter(pk=pk)
    if not rows.exists():
        raise Http404
    return rows
