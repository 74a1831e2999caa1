"""Ask for password, code by mail or second factor before a view that could take an account over.

A session alone must not be enough: it may have been left open, or stolen. An answer holds for
`ACCOUNT_REAUTHENTICATION_TIMEOUT` seconds. allauth has the pages that ask.
"""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

View = Callable[..., HttpResponse]

# The attribute of views that ask, by which a test finds those that do not.
MARK = "asks_again"
_READING = {"GET", "HEAD", "OPTIONS"}


def reauthentication_required(*, reading: bool = False) -> Callable[[View], View]:
    """Ask signed-in people again who they are before the view writes; with `reading`, always.

    A form that was sent is kept in the session, and sent again after the answer. One with a
    password is not kept: its page is shown again. Visitors pass; the view itself sends them to
    signing in. Raises PermissionDenied if the account has neither a password nor an address that
    was confirmed.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if (reading or request.method not in _READING) and _must_ask(request):
                return _ask(request)
            return view(request, *args, **kwargs)

        setattr(guarded, MARK, True)
        return guarded

    return decorate


def _must_ask(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not reauthentication.did_recently_reauthenticate(
        request
    )


def _ask(request: HttpRequest) -> HttpResponse:
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        raise PermissionDenied(
            _(
                "We cannot check that it is you, since this account has no confirmed e-mail "
                "address. Please confirm one first."
            )
        )
    url = methods[0]["url"]
    if not any("password" in name for name in request.POST):
        response: HttpResponse = reauthentication.suspend_request(request, url)
        return response
    messages.info(
        request,
        _(
            "Nothing was changed yet. Please type the new password again once you have confirmed "
            "that it is you."
        ),
    )
    return HttpResponseRedirect(f"{url}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")
