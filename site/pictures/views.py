"""Serve the files of pictures."""

from csp.constants import HEADER as POLICY
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from core.caching.immutable import IMMUTABLE

from . import files

_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
# The address opened by itself is a page that may load and run nothing.
_SANDBOX = "default-src 'none'; sandbox"


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """Return the file `name`, the same for everybody and for ever; 404 if there is none."""
    try:
        path = files.path_of(name)
        file = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=_TYPES[path.suffix])
    response.headers["Cache-Control"] = IMMUTABLE
    response.headers[POLICY] = _SANDBOX
    return response
