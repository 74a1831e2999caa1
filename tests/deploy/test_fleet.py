"""Test the documented set-up: writes shown, reads from the replica, refusals in one line."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from deploy.fleet import pages
from deploy.fleet.machine import Fleet
from tests import services
from tests.services import ROOT, START_LIMIT, Missing

from .visitor import Visitor

_SESSION = """
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(handle="reader"))
print(client.session.session_key)
"""
QUIET = 4.0  # seconds after a form in which its sender surely reads from the primary


@pytest.fixture(scope="module")
def reader(fleet: Fleet) -> Visitor:
    """Return a visitor with a session that was used before."""
    visitor = Visitor(fleet, fleet.manage("shell", "--no-imports", "-c", _SESSION).strip())
    visitor.get("/")
    return visitor


@contextmanager
def noting_statements(fleet: Fleet) -> Iterator[None]:
    """Make the replica log every statement until the block ends."""
    with psycopg.connect(fleet.replica_url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            connection.execute("ALTER SYSTEM RESET log_statement")
            connection.execute("SELECT pg_reload_conf()")


def statements(fleet: Fleet) -> str:
    """Return what the replica logged so far."""
    return (fleet.folder / "databases/replica.log").read_text()


def test_quiet_readers_read_from_the_replica_and_writers_do_not(
    fleet: Fleet, reader: Visitor
) -> None:
    """A person who has just sent a form reads from the primary for five seconds."""
    with noting_statements(fleet):
        deadline = time.monotonic() + START_LIMIT
        while "posts_post" not in statements(fleet):
            assert reader.get("/series/").status == 200
            assert time.monotonic() < deadline
        assert "django_session" not in statements(fleet)
        asked_in_time = False
        while not asked_in_time:  # a very busy machine may take longer for one request
            sent = time.monotonic()
            assert reader.post("/accounts/email/", action_add="", email="nonsense").status < 500
            before = statements(fleet).count("posts_post")
            assert reader.get("/series/").status == 200
            asked_in_time = time.monotonic() - sent < QUIET
        assert statements(fleet).count("posts_post") == before


def test_connections_through_the_pooler_remember_nothing(fleet: Fleet) -> None:
    """Check that no statement is prepared, no cursor stays open, and the role's limits apply."""
    with psycopg.connect(fleet.environment["DATABASE_URL"], autocommit=True) as connection:
        shown = [
            connection.execute(f"SHOW {name}", prepare=False).fetchone()
            for name in ("statement_timeout", "lock_timeout", "timezone")
        ]
        assert shown == [("15s",), ("10s",), ("UTC",)]
        for held in ("pg_prepared_statements", "pg_cursors WHERE is_holdable"):
            (count,) = connection.execute(f"SELECT count(*) FROM {held}").fetchone() or (None,)
            assert count == 0


def test_static_files_come_from_nginx_compressed_and_for_ever(fleet: Fleet) -> None:
    """Check the headers of files with hashed names."""
    page = Visitor(fleet).get("/")
    style = page.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = Visitor(fleet).get(style, Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    missing = Visitor(fleet).get(style.replace(".css", "x.css"))
    assert missing.status == 404
    assert "immutable" not in missing.headers.get("Cache-Control", "")


def test_the_documented_file_has_to_say_what_is_adapted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refuse a change of nginx.conf that the fleet cannot adapt."""
    (tmp_path / "deploy").mkdir()
    text = (ROOT / "deploy/nginx.conf").read_text().replace("listen 80;", "listen 8080;")
    (tmp_path / "deploy/nginx.conf").write_text(text)
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    with pytest.raises(Missing, match="listen 80"):
        pages.site_settings(tmp_path, tmp_path, (1, 2), ["127.0.0.1:3"])


def test_nginx_is_installed_before_its_media_types_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without nginx has no file of types either."""
    types = tmp_path / "mime.types"

    def install() -> Path:
        types.write_text("types {}")
        return Path("/bin/true")

    monkeypatch.setattr(pages, "_TYPES", (types,))
    monkeypatch.setattr(services, "nginx_program", install)
    pages.nginx(tmp_path, tmp_path, (1, 2), ["127.0.0.1:3"], limited=True)
    assert f"include {types};" in (tmp_path / "nginx.conf").read_text()


def test_a_stopped_fleet_says_so(tmp_path: Path) -> None:
    """`status` exits with 1, `stop` has nothing to do, nonsense is explained."""
    for arguments, code in ((["status"], 1), (["stop"], 0), (["nonsense"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "deploy.fleet", *arguments],
            cwd=ROOT, env={"FLEET_DIR": str(tmp_path)}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
