"""Test reading the environment: a value, or a sentence that names the variable."""

from collections.abc import Callable
from typing import Any

import pytest

from core import env

READ = [
    (env.flag, False, "yes", True),
    (env.flag, True, "0", False),
    (env.flag, True, " ", True),
    (env.whole_number, 7, "", 7),
    (env.whole_number, 7, " 5 ", 5),
    (env.whole_number, 7, "0", 0),
    (env.real_number, 7.0, "\t", 7.0),
    (env.real_number, 7.0, "0.5", 0.5),
    (env.rates, "1/30,10/86400", "", ((1, 30), (10, 86400))),
    (env.rates, "1/30", "1/5, 6/600", ((1, 5), (6, 600))),
    (env.site_url, "http://localhost:8000", "", "http://localhost:8000"),
    (env.site_url, "", " https://example.org/ ", "https://example.org"),
    (env.site_url, "", "http://[::1]:8000", "http://[::1]:8000"),
]
REFUSED = [
    (env.flag, False, "maybe"),
    *((env.whole_number, 7, nonsense) for nonsense in ("many", "-1", "0x5", "1.5", "1 2")),
    *((env.real_number, 7.0, nonsense) for nonsense in ("some", "-0.1", "nan", "inf", "1e400")),
    *((env.rates, "1/5", nonsense) for nonsense in ("often", "1", "1/5/6", "1/-5", "1/5;6/600")),
    *(
        (env.site_url, "", nonsense)
        for nonsense in ("example.org", "ftp://x", "https://", "https://x/y", "https://x y")
    ),
]


@pytest.mark.parametrize(("reader", "default", "written", "value"), READ)
def test_a_variable_is_read(
    reader: Callable[..., Any],
    default: Any,
    written: str,
    value: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("X_LIMIT", written)
    assert reader("X_LIMIT", default) == value


@pytest.mark.parametrize(("reader", "default", "written"), REFUSED)
def test_nonsense_is_refused(
    reader: Callable[..., Any], default: Any, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X_LIMIT", written)
    with pytest.raises(SystemExit, match="Counterpoint cannot start: X_LIMIT must be "):
        reader("X_LIMIT", default)


@pytest.mark.parametrize("reader", [env.whole_number, env.real_number])
def test_a_number_has_a_minimum(
    reader: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X_LIMIT", "2")
    assert reader("X_LIMIT", 7, minimum=2) == 2
    with pytest.raises(SystemExit, match="at least 3"):
        reader("X_LIMIT", 7, minimum=3)


def test_redis_is_asked_for_by_its_schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("", "redis://x:6379/0", "rediss://x", "unix:///run/redis"):
        monkeypatch.setenv("X_LIMIT", address)
        assert env.redis_url("X_LIMIT") == address
    monkeypatch.setenv("X_LIMIT", "localhost:6379")
    with pytest.raises(SystemExit, match="X_LIMIT must start with redis://"):
        env.redis_url("X_LIMIT")
