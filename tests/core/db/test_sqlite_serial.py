"""Test that requests of one process run one after the other on SQLite, with a timeout."""

import threading

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from core.db import sqlite_serial
from core.db.sqlite_serial import serialise_requests
from tests.at_once import at_once


@override_settings(ON_POSTGRESQL=True)
def test_on_postgresql_threads_go_on_side_by_side() -> None:
    with pytest.raises(MiddlewareNotUsed):
        serialise_requests(lambda _request: HttpResponse())


@override_settings(ON_POSTGRESQL=False)
def test_no_two_requests_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_serial, "LOCK_TIMEOUT", 60)
    inside, most = 0, []

    def answer(_request: HttpRequest) -> HttpResponse:
        nonlocal inside
        inside += 1
        most.append(inside)
        threading.Event().wait(0.001)  # lets the others in, if anything does
        inside -= 1
        return HttpResponse()

    middleware = serialise_requests(answer)
    at_once(*[lambda: middleware(HttpRequest())] * 8)
    assert most == [1] * 8


@override_settings(ON_POSTGRESQL=False)
def test_a_slow_request_delays_others_until_the_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite_serial, "LOCK_TIMEOUT", 0.01)
    answered = threading.Event()

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method == "SLOW":
            assert answered.wait(60)
        return HttpResponse()

    def ask(method: str) -> None:
        request = HttpRequest()
        request.method = method
        middleware(request)

    middleware = serialise_requests(answer)
    slow = threading.Thread(target=ask, args=["SLOW"])
    slow.start()
    ask("QUICK")
    answered.set()
    slow.join()


@override_settings(ON_POSTGRESQL=False)
def test_a_failure_releases_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_serial, "LOCK_TIMEOUT", 60)

    def fail(_request: HttpRequest) -> HttpResponse:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        serialise_requests(fail)(HttpRequest())
    assert serialise_requests(lambda _request: HttpResponse())(HttpRequest()).status_code == 200


@override_settings(ON_POSTGRESQL=False)
def test_a_request_inside_a_request_leaves_no_turn_taken() -> None:
    """Send a request from the view of another, as tests of changes meanwhile do."""
    inner = serialise_requests(lambda _request: HttpResponse())
    serialise_requests(inner)(HttpRequest())
    assert not sqlite_serial.is_taken()
