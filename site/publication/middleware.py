"""Middleware: show the times and words of each request in the zone and language of the site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import current

GetResponse = Callable[[HttpRequest], HttpResponse]


def in_zone_and_language(get_response: GetResponse) -> GetResponse:
    """Activate the time zone and the language of the site profile for each request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        current.activate_last_known()
        return get_response(request)

    return middleware
