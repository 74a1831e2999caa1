"""The token against forged forms, once for all forms of a page."""

from django.http import HttpRequest
from django.middleware.csrf import get_token


def form_token(request: HttpRequest) -> str:
    """Return the token for every form of the page that answers `request`.

    Django masks it anew each time it is asked, which takes as long as drawing several comments.
    """
    token: str | None = getattr(request, "form_token", None)
    if token is None:
        token = request.form_token = get_token(request)  # type: ignore[attr-defined]
    return token
