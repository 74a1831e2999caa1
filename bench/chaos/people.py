"""Use the site during faults, as public readers, signed-in readers and writers."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from abc import abstractmethod
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode

import psycopg

from deploy.fleet.machine import Fleet
from deploy.fleet.pages import client_context
from tests.services import ROOT

from .ledger import NO_ANSWER, ChaosLedger, LedgerAnswer, is_stale

SESSION, CSRF = "__Host-counterpoint", "__Host-csrftoken"
# Seconds between two requests of a person, within nginx's limits for each address.
PAUSE, WRITER_PAUSE = 0.05, 1.0
PATIENCE = 15.0  # seconds until a person gives up on a response
_IDS = re.compile(r'data-comment-id="(\d+)"')
_POSTED = re.compile(r"comment(?:-|s/)(\d+)")
_TOKEN = "a" * 32  # a valid CSRF token, the same in cookie and form


@dataclass(frozen=True)
class SeenPage:
    """A response: its status, headers and text."""

    status: int
    headers: http.client.HTTPMessage | None = None
    text: str = ""

    def header(self, name: str) -> str:
        """Return the header `name`, or an empty string."""
        return (self.headers and self.headers.get(name)) or ""

    @property
    def ids(self) -> list[int]:
        """The ids of the comments shown."""
        return [int(found) for found in _IDS.findall(self.text)]


class Person(threading.Thread):
    """A user with a separate IP address, who repeats `turn` until `stopping` is set."""

    pause = PAUSE
    _numbers = count(10)

    def __init__(self, fleet: Fleet, slug: str, ledger: ChaosLedger) -> None:
        super().__init__(daemon=True)
        self.path, self.ledger, self.stopping = f"/posts/{slug}/", ledger, threading.Event()
        self._fleet, self._context = fleet, client_context()
        # nginx limits each address, so each person needs another; all of 127/8 is this machine.
        self._source = (f"127.1.0.{next(self._numbers)}", 0)
        self._connection: http.client.HTTPSConnection | None = None

    def run(self) -> None:
        """Repeat `turn` until `stopping` is set."""
        while not self.stopping.wait(self.pause):
            self.turn()

    @abstractmethod
    def turn(self) -> None:
        """Send the requests of one turn."""

    def ask(self, path: str, cookie: str = "", form: dict[str, str] | None = None) -> SeenPage:
        """Send a request and return the response, with status 0 where the connection broke."""
        headers = {"Host": "localhost", "Origin": self._fleet.url}
        headers |= {"Cookie": cookie} if cookie else {}
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection = self._connected()
            connection.request("GET" if body is None else "POST", path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection = None
            return SeenPage(NO_ANSWER)
        return SeenPage(response.status, response.headers, text)

    def _connected(self) -> http.client.HTTPSConnection:
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                "127.0.0.1",
                self._fleet.ports["https"],
                timeout=PATIENCE,
                context=self._context,
                source_address=self._source,
            )
        return self._connection


class PublicReader(Person):
    """Reads cached and uncached pages without a session, and finds private content in them."""

    def __init__(self, fleet: Fleet, slug: str, ledger: ChaosLedger) -> None:
        super().__init__(fleet, slug, ledger)
        newest, most_replied = f"{self.path}?sort=newest", f"{self.path}?sort=replies"
        self._paths = cycle((newest, most_replied, newest, "/", newest, self._comment()))

    def _comment(self) -> str:
        """Return a permalink, whose redirect is computed from the replica."""
        return f"/comments/{self.ask(self.path).ids[0]}/"

    def turn(self) -> None:
        """Read the newest threads, the most replied, or the front page."""
        path = next(self._paths)
        newest = path.endswith("newest")
        began = time.monotonic()
        due = self.ledger.newest_due(began)
        page = self.ask(path)
        broken = ""
        if page.status == http.HTTPStatus.OK:
            broken = _private_in(page)
            if newest and due and is_stale(page.ids, due):
                broken = "stale"
        self.ledger.add(LedgerAnswer(began, time.monotonic(), page.status, broken))


def _private_in(page: SeenPage) -> str:
    """Return the rule that the content of a public page breaks, or an empty string."""
    marks = ('class="menu__name"', "csrfmiddlewaretoken", "data-composer")
    if any(mark in page.text for mark in marks) or page.header("Set-Cookie"):
        return "somebody's own bytes in public"
    return "" if "public" in page.header("Cache-Control") else "a public page that is private"


class SignedIn(Person):
    """A reader with a session."""

    def __init__(
        self, fleet: Fleet, slug: str, ledger: ChaosLedger, session: tuple[str, str]
    ) -> None:
        super().__init__(fleet, slug, ledger)
        self.handle, key = session
        self.cookie = f"{SESSION}={key}; {CSRF}={_TOKEN}"

    def turn(self) -> None:
        """Read the newest threads."""
        self.read()

    def read(self, own: int = 0) -> None:
        """Read the newest threads; `own` is a comment that has to be among them."""
        began = time.monotonic()
        due = self.ledger.newest_due(began)
        page = self.ask(f"{self.path}?sort=newest", self.cookie)
        broken = ""
        if page.status == http.HTTPStatus.OK:
            broken = self._foreign_in(page)
            if due and is_stale(page.ids, due):
                broken = "stale"
            if own and is_stale(page.ids, own):
                broken = "a writer's own comment is missing"
        self.ledger.add(LedgerAnswer(began, time.monotonic(), page.status, broken))

    def _foreign_in(self, page: SeenPage) -> str:
        """Return the rule that a personal page breaks, or an empty string."""
        names = re.findall(r'class="menu__name">([^<]*)<', page.text)
        if names != [self.handle]:
            return "another person's page"
        kept = page.header("Cache-Control") != "private, no-store"
        return "a personal page that may be kept" if kept else ""


class ChaosWriter(SignedIn):
    """A reader who writes; sends each form again until the site acknowledges it."""

    pause = WRITER_PAUSE
    texts = count(1)

    def __init__(
        self, fleet: Fleet, slug: str, ledger: ChaosLedger, session: tuple[str, str], stance: str
    ) -> None:
        super().__init__(fleet, slug, ledger, session)
        self._stance, self._root = stance, 0

    def turn(self) -> None:
        """Start a thread, check that the page shows it, and reply in it."""
        self._root = self._write(parent=0)
        if self._root:
            self.read(own=self._root)
            self._write(parent=self._root)

    def _write(self, parent: int) -> int:
        """Return the id of a new comment, 0 if stopped before the site acknowledged it."""
        text = f"Chaos, number {next(self.texts)}."
        form = {"body": text, "stance": self._stance, "wish": "post", "parent": str(parent or "")}
        form |= {"form_key": str(uuid.uuid4()), "csrfmiddlewaretoken": _TOKEN}
        self.ledger.send(text, time.monotonic())
        while not self.stopping.is_set():
            began = time.monotonic()
            page = self.ask(f"{self.path}answer/", self.cookie, form)
            ended = time.monotonic()
            found = _POSTED.search(page.header("Location"))
            broken = "" if page.status != http.HTTPStatus.FOUND or found else "said yes to nothing"
            self.ledger.add(LedgerAnswer(began, ended, page.status, broken))
            if found:
                self.ledger.acknowledge(text, int(found[1]), ended, is_root=not parent)
                return int(found[1])
            self.stopping.wait(self.pause / 2)
        return 0


def invited(fleet: Fleet, slug: str, number: int) -> tuple[list[tuple[str, str]], str]:
    """Return (handle, session key) of `number` new readers, and the stance they took."""
    environment = fleet.environment | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "bench.harness.readers", str(number), slug]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    made: dict[str, Any] = json.loads(done.stdout)
    newest = (
        "SELECT handle FROM accounts_user WHERE handle LIKE 'bench-%%' ORDER BY id DESC LIMIT %s"
    )
    with psycopg.connect(fleet.primary_url()) as connection:
        handles = [handle for (handle,) in connection.execute(newest, [number])]
    return list(zip(reversed(handles), made["sessions"], strict=True)), made["stance"]
