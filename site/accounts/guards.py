"""Restrict views to signed-in people, writers, authors, moderators or admins.

The decorators redirect visitors to signing in and store the form they sent. People without the role
get 403, or 404 where they should not learn that the page exists. Staff who lack a second factor are
led to where they add one. What was allowed is asked again in each transaction that the view begins,
and a refusal that the view does not show itself is a page with the typed text.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial, wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.csrf import is_of_another
from core.db.transactions import on_condition
from core.errors import expired_form, refused_form, typed_text
from core.exceptions import ActionRefused
from core.htmx import redirect_for
from core.sent.fields import fields_of

from . import drafts
from .admission import gate
from .backends import person_now
from .models import User
from .permissions import may_write, why_not_write

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
            try:
                with _asked_again(check, request.user):
                    if request.user.waiting_roles:
                        return _as_waiting_staff(check, view, request, *args, **kwargs)
                    check(request, request.user)
                    return view(request, *args, **kwargs)
            except ActionRefused as refused:
                return refused_form(request, refused.message, refused.status)

        guarded.needs_account = True  # type: ignore[attr-defined]  # for the page to sign in on
        return guarded

    return decorate


def needs_account(address: str) -> bool:
    """Return whether the page at `address`, a path with its query, is for people signed in."""
    try:
        return hasattr(resolve(urlsplit(address).path).func, "needs_account")
    except (Resolver404, ValueError):
        return False


def _asked_again(check: Check, user: User) -> AbstractContextManager[None]:
    """Return the block whose writes are refused once `user` has lost what `check` saw.

    What is open to every signed-in person stays open: deleting one's words, erasing the account.
    """
    if check is _anyone:
        return nullcontext()
    return on_condition(partial(refuse_if_changed, user))


def refuse_if_changed(user: User) -> None:
    """Raise `ActionRefused` (403) if `user` has been suspended or lost a role since it was loaded.

    A suspension during the write counts as after it.
    """
    now = person_now(user.pk)
    if now is None or not may_write(now):
        raise ActionRefused(why_not_write(now), status=403)
    if not user.roles <= now.roles:
        raise ActionRefused(
            gettext_lazy("You no longer have the role this needs. Nothing was changed."), status=403
        )


def _redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect_for(request, redirect_to_login(request.get_full_path()).url)
    waits_at = drafts.keep(request)
    if waits_at is None:
        return _not_kept(request)
    messages.info(request, _("Please sign in. What you wrote is kept."))
    return redirect_for(request, redirect_to_login(waits_at).url)


def lead_to_sign_up(request: HttpRequest) -> HttpResponse:
    """Keep the form that somebody sent signed out, and lead them to signing up to send it.

    To signing in where they cannot make an account.
    """
    waits_at = drafts.keep(request)
    if waits_at is None:
        return _not_kept(request)
    leads_to = "account_signup" if gate.joining_of(request).is_open else "account_login"
    return redirect_for(request, redirect_to_login(waits_at, reverse(leads_to)).url)


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
        raise PermissionDenied(why_not_write(user))


def _author(request: HttpRequest, user: User) -> None:
    _writer(request, user)
    if not user.is_author:
        raise PermissionDenied(_("Only authors write articles. An admin can make you an author."))


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
            action = f"{request.path}?{drafts.KEPT}={kept.key}"
            return _show_kept(request, kept.fields, action)
        response = refusing(request, *args, **kwargs)
        if response.status_code < 400 and request.user.is_authenticated:
            drafts.forget_sent(request)
        return response

    guarded.takes_only_forms = True  # type: ignore[attr-defined]  # for the page of a 405
    return guarded


def form_page(view: View) -> View:
    """Accept GET and POST, and show a form kept for the page, unless the view has taken it.

    A view takes it to fill in its own form (`drafts.take`), or shows it as the draft of its form
    until that is accepted (`drafts.show`). Goes outside the other decorators.
    """
    accepting = require_http_methods(["GET", "HEAD", "POST"])(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = accepting(request, *args, **kwargs)
        if request.method != "GET" or response.status_code >= 400 or drafts.is_shown(request):
            return response
        left = drafts.take(request, request.path)
        return response if left is None else _show_kept(request, left, request.path)

    return guarded


def _show_kept(request: HttpRequest, form: QueryDict, action: str) -> HttpResponse:
    """Show a kept `form` with a button that sends it to the address `action`."""
    context = {"fields": fields_of(form), "action": action}
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
