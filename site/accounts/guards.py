"""Restrict views to signed-in people, writers, authors, moderators or admins.

The decorators redirect visitors to signing in and store the form they sent. People without the role
get 403, or 404 where they should not learn that the page exists.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import WORTH_KEEPING
from core.htmx import redirect_for

from . import drafts
from .models import User
from .permissions import may_write

View = Callable[..., HttpResponse]
Check = Callable[[HttpRequest, User], None]


def _guard(check: Check) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not isinstance(request.user, User):
                return _redirect_to_sign_in(request)
            check(request, request.user)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        drafts.keep(request)
        messages.info(request, _("Please sign in. What you wrote is kept and waits for you."))
        return redirect_for(request, redirect_to_login(request.path).url)
    return redirect_for(request, redirect_to_login(request.get_full_path()).url)


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

    Goes outside the other decorators, in the place of Django's `require_POST`.
    """
    refusing = require_POST(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_back = request.method == "GET" and isinstance(request.user, User)
        kept = drafts.take(request, request.path) if is_back else None
        if kept is None:
            return refusing(request, *args, **kwargs)
        fields = [(name, value) for name, values in kept.lists() for value in values]
        return render(request, "accounts/kept.html", {"fields": fields, "text": WORTH_KEEPING})

    return guarded


signed_in = _guard(_anyone)
writer_required = _guard(_writer)
author_required = _guard(_author)
moderator_required = _guard(_moderator)
admin_required = _guard(_admin)


def person_asking(request: HttpRequest) -> User:
    """Return the signed-in user; only for views behind one of the decorators."""
    assert isinstance(request.user, User)
    return request.user
