"""Restrict views to signed-in people, writers, authors, moderators or admins.

The decorators redirect visitors to signing in and store the form they sent. People without the role
get 403, or 404 where they should not learn that the page exists. Staff who lack a second factor are
led to where they add one.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.csrf import is_of_another
from core.errors import WORTH_KEEPING, expired_form, typed_text
from core.htmx import redirect_for

from . import drafts
from .models import KeptForm, User
from .permissions import may_write

View = Callable[..., HttpResponse]
Check = Callable[[HttpRequest, User], None]


def _guard(check: Check) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not isinstance(request.user, User):
                return _redirect_to_sign_in(request)
            if request.method == "POST" and is_of_another(request):
                return expired_form(request)
            if request.user.waiting_roles:
                return _as_waiting_staff(check, view, request, *args, **kwargs)
            check(request, request.user)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect_for(request, redirect_to_login(request.get_full_path()).url)
    waits_at = drafts.keep(request)
    if waits_at is None:
        return _not_kept(request)
    messages.info(request, _("Please sign in. What you wrote is kept and waits for you."))
    return redirect_for(request, redirect_to_login(waits_at).url)


def _not_kept(request: HttpRequest) -> HttpResponse:
    """Answer 403 to a form that cannot be kept, with the typed text to copy before signing in."""
    typed = [] if is_of_another(request) else typed_text(request)
    context = {"typed": typed, "sign_in_url": redirect_to_login(request.path).url}
    return render(request, "403_not_kept.html", context, status=403)


def _as_waiting_staff(
    check: Check, view: View, request: HttpRequest, *args: object, **kwargs: object
) -> HttpResponse:
    """Show a page to staff whose role waits, or lead from what they are refused to a second factor.

    A 404 of the view itself stays: what is not there is there for no role.
    """
    try:
        check(request, person_asking(request))
    except (Http404, PermissionDenied):
        return _redirect_to_second_factor(request)
    try:
        return view(request, *args, **kwargs)
    except PermissionDenied:
        return _redirect_to_second_factor(request)


def _redirect_to_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead staff whose role waits for a second factor to the page where they add one."""
    if request.method == "POST":
        drafts.keep(request)
    messages.info(
        request, _("This page is for staff, who need a second factor. Please add one here first.")
    )
    return redirect_for(request, reverse("mfa_index"))


def _anyone(request: HttpRequest, user: User) -> None:
    """Accept every signed-in person."""


def _writer(request: HttpRequest, user: User) -> None:
    if not may_write(user):
        raise PermissionDenied(
            _("You cannot write at the moment. You can read everything, and delete what you wrote.")
        )


def _author(request: HttpRequest, user: User) -> None:
    _writer(request, user)
    if not user.is_author:
        raise PermissionDenied(_("Writing posts is for authors. An admin can make you one."))


def _moderator(request: HttpRequest, user: User) -> None:
    if not user.is_moderator:
        raise Http404
    _writer(request, user)


def _admin(request: HttpRequest, user: User) -> None:
    if not user.is_admin:
        raise Http404
    _writer(request, user)


def post_only(view: View) -> View:
    """Answer 405 to a GET, unless it follows signing in to send a form: then show that form.

    The form waits until it was accepted, since nothing else shows it. Goes outside the other
    decorators, in the place of Django's `require_POST`.
    """
    refusing = require_POST(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        kept = drafts.waiting(request, request.path)
        if kept is not None:
            return _show_kept(request, kept)
        response = refusing(request, *args, **kwargs)
        if response.status_code < 400 and request.user.is_authenticated:
            drafts.forget_sent(request)
        return response

    return guarded


def _show_kept(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """Show a kept form with a button that sends it to the address where it waits."""
    lists = drafts.fields_of(kept).lists()
    fields = [(name, value) for name, values in lists for value in values]
    action = f"{request.path}?{drafts.KEPT}={kept.key}"
    context = {"fields": fields, "text": WORTH_KEEPING, "action": action}
    return render(request, "accounts/kept.html", context)


signed_in = _guard(_anyone)
writer_required = _guard(_writer)
author_required = _guard(_author)
moderator_required = _guard(_moderator)
admin_required = _guard(_admin)


def person_asking(request: HttpRequest) -> User:
    """Return the signed-in user; only for views behind one of the decorators."""
    assert isinstance(request.user, User)
    return request.user
