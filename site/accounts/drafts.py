"""Store a sent form in the session while its writer signs in."""

from django.http import HttpRequest, QueryDict

_KEY = "typed"
_EXCLUDED = ("csrfmiddlewaretoken", "password")


def keep(request: HttpRequest) -> None:
    """Store the form that was sent, under its path, replacing one stored before.

    `DATA_UPLOAD_MAX_MEMORY_SIZE` limits its size, as of every form.
    """
    form = request.POST.copy()
    for name in _EXCLUDED:
        form.pop(name, None)
    request.session[_KEY] = {"path": request.path, "form": form.urlencode()}


def take(request: HttpRequest, path: str) -> QueryDict | None:
    """Remove and return the form stored for `path`, or return None."""
    stored = request.session.get(_KEY)
    if not isinstance(stored, dict) or stored.get("path") != path:
        return None
    del request.session[_KEY]
    return QueryDict(stored["form"])
