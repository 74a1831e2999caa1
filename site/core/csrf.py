"""Provide the hidden fields of all forms of a page: the CSRF token, and for whom it was drawn.

Words may be sent after the session of their writer has ended. The signed field says whose page the
form was on, so that they return to that account alone. It holds for as long as a session can, and
once more. Somebody who once saw a page of another account cannot leave words there for ever.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone

from . import limits

# The name of the field, and its value on pages for people who are not signed in.
DRAWN_FOR = "drawn_for"
NOBODY = ""
_SALT = "core.csrf.drawn_for"


def form_token(request: HttpRequest) -> str:
    """Return the CSRF token for every form of the response to `request`.

    Django masks the token again at each call, which takes as long as rendering several comments.
    """
    token: str | None = getattr(request, "form_token", None)
    if token is None:
        token = request.form_token = get_token(request)  # type: ignore[attr-defined]
    return token


def drawn_for(request: HttpRequest) -> str:
    """Return the signed id of the signed-in account for every form of the response, else `NOBODY`.

    It is signed once for each response.
    """
    signed: str | None = getattr(request, "drawn_for", None)
    if signed is None:
        user = getattr(request, "user", None)
        key = user.pk if user is not None and user.is_authenticated else None
        signed = _signer(_period()).sign(str(key)) if key else NOBODY
        request.drawn_for = signed  # type: ignore[attr-defined]
    return signed


def account_of_form(request: HttpRequest) -> int | None:
    """Return the id of the account for whom the page with the sent form was drawn, else None.

    Raises `BadSignature` for a field that this site has not signed, or too long ago.
    """
    signed = request.POST.get(DRAWN_FOR, NOBODY)
    if not signed:
        return None
    try:
        return int(_signer(_period()).unsign(signed))
    except BadSignature:
        return int(_signer(_period() - 1).unsign(signed))


def _period() -> int:
    """Return the number of the present period: as long as a session lasts, or a draft is kept."""
    return int(timezone.now().timestamp()) // max(limits.SESSION_ABSOLUTE, limits.KEPT_FOR_ACCOUNT)


def _signer(period: int) -> Signer:
    return Signer(salt=f"{_SALT}.{period}")


def is_of_another(request: HttpRequest) -> bool:
    """Return whether the sent form was drawn for another account than the one signed in now."""
    try:
        account = account_of_form(request)
    except BadSignature:
        return True
    return account is not None and account != request.user.pk
