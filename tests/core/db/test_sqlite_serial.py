"""Requests of one process go one after the other on SQLite, and nobody waits for ever."""

import threading

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from core.db import sqlite_serial
from core.db.sqlite_serial import one_at_a_time
from tests.at_once import at_once


@override_settings(ON_POSTGRESQL=True)
def test_on_postgresql_threads_go_on_side_by_side() -> None:
    with pytest.raises(MiddlewareNotUsed):
        one_at_a_time(lambda _request: HttpResponse())


@override_settings(ON_POSTGRESQL=False)
def test_no_two_requests_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_serial, "PATIENCE", 10)
    inside, most = 0, []

    def answer(_request: HttpRequest) -> HttpResponse:
        nonlocal inside
        inside += 1
        most.append(inside)
        threading.Event().wait(0.001)  # lets the others in, if anything does
        inside -= 1
        return HttpResponse()

    middleware = one_at_a_time(answer)
    at_once(*[lambda: middleware(HttpRequest())] * 8)
    assert most == [1] * 8


@override_settings(ON_POSTGRESQL=False)
def test_whoever_has_the_floor_and_waits_keeps_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_serial, "PATIENCE", 0.01)
    answered = threading.Event()

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method == "SLOW":
            assert answered.wait(10)
        return HttpResponse()

    def ask(method: str) -> None:
        request = HttpRequest()
        request.method = method
        middleware(request)

    middleware = one_at_a_time(answer)
    slow = threading.Thread(target=ask, args=["SLOW"])
    slow.start()
    ask("QUICK")
    answered.set()
    slow.join()


@override_settings(ON_POSTGRESQL=False)
def test_a_failure_gives_the_floor_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_serial, "PATIENCE", 10)

    def fail(_request: HttpRequest) -> HttpResponse:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        one_at_a_time(fail)(HttpRequest())
    assert one_at_a_time(lambda _request: HttpResponse())(HttpRequest()).status_code == 200
