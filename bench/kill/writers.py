"""Write as signed-in readers who post replies, and send them again until they are acknowledged."""

import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from random import Random
from urllib.parse import urlencode, urlsplit

STANCES = ("different", "same", "overlap")
CSRF = "k" * 32  # a valid token: 32 characters, the same in cookie and form


@dataclass
class Reply:
    """A reply of one reader, in one form."""

    writer: int
    parent: int
    stance: str
    body: str
    form_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    tries: int = 0


class Stuck(Exception):
    """Report that the writers cannot go on; the text says why."""


@dataclass
class WriteLedger:
    """The sent and the acknowledged replies by form key. Shared by all writers."""

    sent: dict[str, Reply] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def sending(self, reply: Reply) -> None:
        """Record that `reply` is being sent."""
        with self.changed:
            self.sent[reply.form_key] = reply
            reply.tries += 1

    @property
    def sent_again(self) -> int:
        """The number of replies that were sent more than once."""
        return sum(reply.tries > 1 for reply in self.sent.values())

    def answered(self, reply: Reply) -> None:
        """Record that `reply` was acknowledged."""
        with self.changed:
            self.acknowledged.add(reply.form_key)
            self.changed.notify_all()

    def refuse(self, says: str) -> None:
        """Record a refusal, which no reply should get."""
        with self.changed:
            self.refused.append(says)
            self.changed.notify_all()

    def wait_for(self, number: int, seconds: float) -> None:
        """Wait until `number` replies are acknowledged; raise Stuck on a refusal or timeout."""
        with self.changed:
            done = self.changed.wait_for(
                lambda: len(self.acknowledged) >= number or self.refused, seconds
            )
        if self.refused:
            raise Stuck(f"a reply was refused: {self.refused[0]}")
        if not done:
            raise Stuck(f"fewer than {number} replies were acknowledged in {seconds:g} s")


class KillWriters:
    """Readers who write at the same time, each over a separate connection."""

    def __init__(self, url: str, path: str, cookies: list[str], parents: list[int]) -> None:
        """Prepare to reply to `parents`, ids of comments, under the post at `path`."""
        self.ledger = WriteLedger()
        self._netloc = urlsplit(url).netloc
        self._address = f"{path}answer/"
        self._cookies = cookies
        self._parents = parents
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(len(cookies))

    def start(self, number: int) -> None:
        """Start writing `number` replies in all, each sent until it is acknowledged."""
        each, more = divmod(number, len(self._cookies))
        self._work = [
            self._pool.submit(self._write, writer, each + (writer < more))
            for writer in range(len(self._cookies))
        ]

    def stop(self) -> None:
        """Wait for the requests in progress, and end; raise the exception of a writer."""
        self._stopped.set()
        self._pool.shutdown()
        for work in self._work:
            work.result()

    def _write(self, writer: int, number: int) -> None:
        post = Connection(self._netloc, self._address, self._cookies[writer])
        for reply in self._replies(writer, number):
            while not self._stopped.is_set():
                self.ledger.sending(reply)
                status, where = post(reply)
                if status == 302 and "#comment-" in where:
                    self.ledger.answered(reply)
                    break
                if 0 < status < 500:
                    self.ledger.refuse(f"{status} {where}")
                    return
                # The server is down: try again, sooner than a person would.
                time.sleep(0.05)

    def _replies(self, writer: int, number: int) -> Iterator[Reply]:
        random = Random(writer)
        stances = cycle(STANCES)
        for count in range(number):
            stance = next(stances) if random.random() < 0.3 else STANCES[writer % len(STANCES)]
            body = f"Reader {writer} has reason {count} for this, and it is a good one."
            yield Reply(writer, random.choice(self._parents), stance, body)


class Connection:
    """Posts replies of one reader over a persistent connection, as a browser does."""

    def __init__(self, netloc: str, address: str, cookie: str) -> None:
        self._connection = HTTPConnection(netloc, timeout=30)
        self._address = address
        self._headers = {
            "Cookie": f"{cookie}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def __call__(self, reply: Reply) -> tuple[int, str]:
        """Return the status and the `Location`, or 0 where no whole response came."""
        fields = {
            "csrfmiddlewaretoken": CSRF,
            "parent": reply.parent,
            "stance": reply.stance,
            "body": reply.body,
            "form_key": reply.form_key,
            "wish": "post",
        }
        try:
            self._connection.request("POST", self._address, urlencode(fields), self._headers)
            response = self._connection.getresponse()
            response.read()
        except (HTTPException, OSError):
            self._connection.close()
            return 0, ""
        return response.status, response.headers.get("Location") or ""
