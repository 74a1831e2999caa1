"""The one place where allauth's pages are guarded: all of them, but for those named here."""

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver, include, path

from ..naming import rules
from ..restoring.changes import recording
from .guards import reauthentication_required

# Pages that anybody may use, or that prove by themselves who somebody is.
UNASKED = {
    "account_login": "signing in",
    "account_logout": "takes nothing from anybody but the session that asks for it",
    "account_inactive": "a page of words",
    "account_signup": "signing up",
    "account_reauthenticate": "is where we ask",
    "account_request_reauthentication_code": "is where we ask",
    "account_confirm_reauthentication_code": "is where we ask",
    "account_reset_password": "sends a mail to the person's own address",
    "account_reset_password_done": "a page of words",
    "account_reset_password_from_key": "the link in the mail proves it",
    "account_reset_password_from_key_done": "a page of words",
    "account_request_login_code": "signing in",
    "account_confirm_login_code": "the code in the mail proves it",
    "mfa_authenticate": "signing in",
    "mfa_trust": "signing in",
    "mfa_login_webauthn": "signing in",
    "mfa_reauthenticate": "is where we ask",
    "mfa_reauthenticate_webauthn": "is where we ask",
}
# Pages that can be read without being asked; what they send is asked for.
ASKED_WHEN_SENT = {"account_email", "account_email_verification_sent", "mfa_index"}
# Pages that confirm, choose or remove an address.
WRITES_ADDRESSES = {
    "account_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
}


Routes = Sequence[URLPattern | URLResolver]


def guarded(patterns: Routes) -> Routes:
    """Return allauth's `patterns` with views that ask again, unless they are in `UNASKED`.

    What they change is told to the account's owner. A route of a later allauth asks, too, until
    somebody decides that it need not.
    """
    return [
        _guarded_below(each) if isinstance(each, URLResolver) else _guarded(each)
        for each in patterns
    ]


def _guarded_below(resolver: URLResolver) -> URLResolver:
    # Django's `int` takes numbers of any size, and SQLite refuses those that no row can have.
    address = str(resolver.pattern).replace("<int:", "<id:")
    return path(address, include(guarded(resolver.url_patterns)))


def _guarded(pattern: URLPattern) -> URLPattern:
    view = pattern.callback
    if pattern.name not in UNASKED:
        guard = reauthentication_required(reading=pattern.name not in ASKED_WHEN_SENT)
        view = guard(recording(view))
    if pattern.name in WRITES_ADDRESSES:
        view = rules.locked(view)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)
