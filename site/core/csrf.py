"""Provide one CSRF token for all forms of a page."""

from django.http import HttpRequest
from django.middleware.csrf import get_token


def form_token(request: HttpRequest) -> str:
    """Return the CSRF token for every form of the response to `request`.

    Django masks the token again at each call, which takes as long as rendering several comments.
    """
    token: str | None = getattr(request, "form_token", None)
    if token is None:
        token = request.form_token = get_token(request)  # type: ignore[attr-defined]
    return token
