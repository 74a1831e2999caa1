"""Read requests whose Content-Type Django cannot, instead of raising before any page."""

from collections.abc import Mapping
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

# Any encoding but UTF-8: `core.middleware.refuse_other_charsets` answers 415 to it.
UNREADABLE = "iso-8859-1"


class _AnyContentType(HttpRequest):
    """Mixin of Django's requests that takes an unreadable Content-Type for one of another charset.

    Django raises ValueError, outside its handling of exceptions, for a null character and for the
    encodings of RFC 2231 ("charset*=utf-8''%00", "boundary*=none''x"), which any server lets pass.
    """

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", dict[str, str]()
            self.encoding = UNREADABLE


class OurWSGIRequest(_AnyContentType, WSGIRequest):
    """Django's request of WSGI servers, with any Content-Type."""


class OurASGIRequest(_AnyContentType, ASGIRequest):
    """Django's request of ASGI servers, with any Content-Type."""
