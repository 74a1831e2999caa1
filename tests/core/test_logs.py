"""Test what stands in the log: one line for each event, and no token that opens something."""

import io
import logging
import re
import runpy
from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any
from unittest import mock

from django.core import mail, signing
from django.test import Client
from django.urls import get_resolver

from core.logs import HIDDEN, TOKEN_PATHS, OneLineFormatter
from notifications.following import links
from posts.studio.preview import preview_url
from tests.accounts.restoring.test_restoration import OLD, RestoringCase
from tests.factories import make_post
from tests.services import ROOT

NGINX = ROOT / "deploy/nginx.conf"


def line(message: str, *arguments: object) -> str:
    record = logging.LogRecord("x", logging.WARNING, "", 0, message, arguments, None)
    return OneLineFormatter().format(record)


class TokenTests(RestoringCase):
    """Addresses with the token of a link are logged when they are refused."""

    def test_no_link_of_a_mail_and_no_preview_can_be_followed_from_the_log(self) -> None:
        written = io.StringIO()
        handler = logging.StreamHandler(written)
        handler.setFormatter(OneLineFormatter())
        logging.getLogger("django").addHandler(handler)
        self.addCleanup(logging.getLogger("django").removeHandler, handler)
        Client().post("/accounts/password/reset/", {"email": OLD})
        found = re.search(r"testserver(/\S+/reset/key/\S+)", str(mail.outbox[-1].body))
        assert found
        self.change_password()
        paths = (found.group(1), self.link(), preview_url(make_post(self.person)))
        for path in paths:
            self.client.put(path)
            self.client.get(path[:-1] + "/x/y")
            Client(enforce_csrf_checks=True).post(path)
        lines = written.getvalue()
        self.assertGreaterEqual(lines.count(HIDDEN), 2 * len(paths))
        for path in paths:
            self.assertNotIn(path.strip("/").rpartition("/")[2], lines)

    def test_nor_in_a_query_or_a_traceback(self) -> None:
        token = signing.dumps([1], salt="any")
        for text in (f"/?next=/restoration/{token}/", token.replace(":", "%3A"), f"a b {token}."):
            self.assertNotIn(token[-43:], line("Gone: %s", text))
        try:
            raise ValueError(token)
        except ValueError as error:
            info = (ValueError, error, error.__traceback__)
        self.assertNotIn(token[-43:], OneLineFormatter().formatException(info))


def test_the_token_of_every_route_is_hidden_in_both_logs_and_not_in_the_proxys() -> None:
    token = token_urlsafe(links.TOKEN_BYTES)
    found = {path.format(token) for path in paths_with_tokens()}
    assert f"/follow/confirm/{token}/" in found
    assert len(found) >= len(TOKEN_PATHS)
    [unlogged] = re.findall(r'location ~ "(\^/\(\?:feeds[^"]+)"', NGINX.read_text())
    for path in found:
        for text in (path, f"GET {path}x HTTP/1.1"):
            for written in (line("%s", text), access_line(text)):
                assert token not in written
                assert HIDDEN in written
        assert re.match(unlogged, path), path
    assert re.match(unlogged, "/accounts/password/reset/key/1-x-y/")


def paths_with_tokens() -> set[str]:
    """Return the path of each route of ours whose parameter opens something, with {} for it."""
    found = set()
    for name in ("token", "signed"):
        for route in routes(get_resolver()):
            if f"<str:{name}>" in route:
                found.add("/" + route.replace(f"<str:{name}>", "{}"))
    return found


def routes(resolver: Any) -> Iterator[str]:
    """Yield the pattern of each route below `resolver`."""
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from (f"{each.pattern}{below}" for below in routes(each))
        else:
            yield str(each.pattern)


def access_line(request_line: str) -> str:
    """Return what gunicorn, with our settings, would write of a request."""
    settings = runpy.run_path(str(ROOT / "deploy/gunicorn.conf.py"))
    logger = settings["logger_class"].__new__(settings["logger_class"])
    parent = settings["logger_class"].__mro__[1]
    with mock.patch.object(parent, "atoms", return_value={"r": request_line, "B": 5}):
        return str(logger.atoms(None, None, {}, None))


def test_other_addresses_and_times_stay() -> None:
    words = "Not Found: /posts/management-and-leadership/?thread=70&sort=new 12:30:01 a-b-c d:e:f"
    assert line("%s", words).endswith(words)


def test_control_characters_are_escaped_so_that_an_event_is_one_line() -> None:
    assert line("Not Found: /%s", "a\nb\x1b[0m").endswith("/a\\x0ab\\x1b[0m")
