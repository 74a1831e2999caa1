"""What somebody typed, kept while they sign in again."""

from django.http import HttpRequest, QueryDict

_KEY = "typed"
_NOT_KEPT = ("csrfmiddlewaretoken", "password")


def keep(request: HttpRequest) -> None:
    """Keep the form that was sent, under its address, until it is taken or another is kept.

    How long it may be, `DATA_UPLOAD_MAX_MEMORY_SIZE` says for every form.
    """
    kept = request.POST.copy()
    for name in _NOT_KEPT:
        kept.pop(name, None)
    request.session[_KEY] = {"path": request.path, "form": kept.urlencode()}


def take(request: HttpRequest, path: str) -> QueryDict | None:
    """Return, once, the form that was kept for `path`, or None."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict) or kept.get("path") != path:
        return None
    del request.session[_KEY]
    return QueryDict(kept["form"])
