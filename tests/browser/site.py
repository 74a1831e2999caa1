"""Serve a whole site for browser tests: the demonstration by the production server."""

import contextlib
import email
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from uuid import uuid4

from tests import made_once
from tests.made_once import DATABASE, PASSWORD, SESSIONS, real_environment
from tests.services import ROOT, START_LIMIT, free_port

_BETWEEN_MAILS = "-" * 79
_SIGN_IN = """
from django.conf import settings

from accounts.models import User
from tests.reauthenticated import client_of

print(settings.SESSION_COOKIE_NAME)
for handle in {handles}:
    client = client_of(User.objects.get(handle=handle))
    print(client.session.session_key)
"""


@dataclass(frozen=True)
class BrowserSite:
    """A running site: its address, its folder and its environment."""

    url: str
    folder: Path
    environment: dict[str, str]
    password: str = PASSWORD
    pid: int = 0

    def manage(self, *arguments: str) -> str:
        """Run a management command on the site's data and return its output."""
        return made_once.run([sys.executable, "manage.py", *arguments], self.environment)

    def session(self, handle: str) -> dict[str, str]:
        """Return the cookie of a new session of the person `handle`, for `context.add_cookies`.

        The form to sign in has a rate limit for each address, which other tests avoid so.
        """
        kept = self.folder / SESSIONS
        known: dict[str, list[str]] = json.loads(kept.read_text()) if kept.exists() else {}
        if handle not in known:
            return self.sessions([handle])[handle]
        name, key = known[""][0], uuid4().hex
        row = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?, ?, ?)"
        self.execute(row, key, *known[handle])
        return {"name": name, "value": key, "url": self.url}

    def execute(self, statement: str, *values: str) -> None:
        """Change the site's SQLite file without Django, which takes a second to start."""
        with closing(sqlite3.connect(self.folder / DATABASE, timeout=60)) as opened, opened:
            opened.execute(statement, values)

    def sessions(self, handles: list[str]) -> dict[str, dict[str, str]]:
        """Return such a cookie for each of `handles`, starting Django only once."""
        printed = self.manage("shell", "--no-imports", "-c", _SIGN_IN.format(handles=handles))
        name, *keys = printed.split()
        return {
            handle: {"name": name, "value": key, "url": self.url}
            for handle, key in zip(handles, keys, strict=True)
        }

    def mails(self, address: str) -> list[Message]:
        """Return the messages sent to `address` so far, oldest first."""
        sent = (self.folder / "stdout").read_text().split(_BETWEEN_MAILS)
        messages = (email.message_from_string(text.lstrip()) for text in sent)
        return [message for message in messages if message["To"] == address]

    def code(self, address: str) -> str:
        """Return the newest code mailed to `address`, once there is one."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            for message in reversed(self.mails(address)):
                plain = next(_text_parts(message))
                text = plain.get_payload(decode=True)
                assert isinstance(text, bytes)
                found = re.search(
                    r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text.decode(), re.MULTILINE
                )
                if found:
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no code was mailed to {address}")

    def log(self) -> str:
        """Return what the server wrote to its log."""
        return (self.folder / "stderr").read_text()


def _text_parts(message: Message) -> Iterator[Message]:
    """Yield the parts of `message` that are plain text."""
    return (part for part in message.walk() if part.get_content_type() == "text/plain")


def prepare(folder: Path, **more: str) -> None:
    """Fill `folder` with the demonstration's database and with collected static files.

    Both are copied from a demonstration made before; with `more`, which is added to the
    environment, the static files alone.
    """
    made = made_once.demonstration()
    if not more:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return
    settings = real_environment(folder) | more
    made_once.manage(settings, "migrate -v0", "createcachetable")
    made_once.manage(settings | {"DEBUG": "1"}, "seed_demo")
    shutil.copytree(made / "static", folder / "static", dirs_exist_ok=True)


@contextlib.contextmanager
def serving(prepared: Path, folder: Path, **more: str) -> Iterator[BrowserSite]:
    """Serve a copy of `prepared` in `folder` by the documented command until the block ends.

    `more` is added to the environment.
    """
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    port = free_port()
    url = f"http://localhost:{port}"
    site = BrowserSite(url, folder, real_environment(folder, url) | more)
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    with (
        (folder / "stdout").open("ab") as out,
        (folder / "stderr").open("ab") as err,
        subprocess.Popen(
            gunicorn, cwd=ROOT, env=site.environment | {"PORT": str(port)}, stdout=out, stderr=err
        ) as server,
    ):
        try:
            _wait(site, server)
            yield replace(site, pid=server.pid)
        finally:
            server.terminate()


def make_new(site: BrowserSite, prepared: Path) -> None:
    """Give a running site the database of `prepared` again, and no mail, cache or log of before.

    New processes of a server that has imported the site already cost a tenth of a new server.
    """
    old = _workers(site)
    deadline = time.monotonic() + START_LIMIT
    while old & _workers(site) or len(_workers(site)) < len(old):
        # Again each time: a worker that has not named its own handlers yet hears no signal.
        for pid in old & _workers(site):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        assert time.monotonic() < deadline, site.log()
        time.sleep(0.02)
    for path in (site.folder / DATABASE).parent.glob(f"{Path(DATABASE).name}*"):
        path.unlink()
    shutil.copy(prepared / DATABASE, site.folder / DATABASE)
    for name in ("stdout", "stderr"):
        os.truncate(site.folder / name, 0)
    _wait(site)


def _workers(site: BrowserSite) -> set[int]:
    """Return the ids of the processes that answer for `site`."""
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children")
    return set(map(int, children.read_text().split()))


def _wait(site: BrowserSite, server: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until the site responds; fail with its log if it ends or takes too long."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and (server is None or server.poll() is None):
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{site.url}/readyz", timeout=5).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"the site did not start:\n{site.log()}")
