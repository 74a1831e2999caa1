"""Test requests of which Django cannot read the Content-Type, at both entry points."""

import io
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from config import asgi, wsgi
from core.sent.content_types import UNREADABLE, OurASGIRequest
from tests.cast import Cast

UNREADABLE_TYPES = (
    "text/html; charset=\0",
    "text/html; charset=utf-8\0",
    "text/html; charset*=utf-8''%00",
    "text/html; charset*=none''x",
    "text/html; charset*=idna''%ff%fe",
    "text/html; charset*=punycode''%ff",
    "multipart/form-data; boundary*=none''x",
    "multipart/form-data; boundary=x; charset*=a\0b''%41",
)


class UnreadableTests(Cast):
    """No server lets them become an error of ours."""

    def test_every_page_answers_415(self) -> None:
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        for address in (
            "/",
            self.post.get_absolute_url(),
            "/accounts/login/",
            "/me/notifications/",
            "/none",
        ):
            for type_ in UNREADABLE_TYPES:
                for method in ("POST", "PUT"):
                    with self.subTest(type_, address=address, method=method):
                        assert self.ask(address, type_, method).startswith("415 ")

    def test_both_entry_points_read_it_alike(self) -> None:
        assert asgi.application.request_class is OurASGIRequest
        for type_ in UNREADABLE_TYPES:
            headers = [(b"content-type", type_.encode("latin-1"))]
            scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
            request = OurASGIRequest(scope, io.BytesIO())
            assert (request.encoding, request.content_params) == (UNREADABLE, {})

    def ask(self, path: str, content_type: str, method: str) -> str:
        begun: list[str] = []
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_TYPE": content_type,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        answer = wsgi.application(environ, lambda status, _headers: begun.append(status))
        getattr(answer, "close", lambda: None)()
        return begun[0]
