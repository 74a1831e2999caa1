"""Visit the fleet with a separate IP address and cookies."""

import contextlib
import http.client
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from deploy.fleet.machine import Fleet
from deploy.fleet.pages import client_context

SESSION, CSRF = "__Host-counterpoint", "__Host-csrftoken"
TOKEN = "c" * 32
_addresses = count(10)


@dataclass(frozen=True)
class VisitedPage:
    """A response: its status, headers and text."""

    status: int
    headers: dict[str, str]
    text: str


class Visitor:
    """Sends requests through nginx; `session` is the key of a session, or empty."""

    def __init__(self, fleet: Fleet, session: str = "") -> None:
        self.fleet = fleet
        self.address = f"127.2.0.{next(_addresses)}"
        self.cookie = f"{SESSION}={session}; {CSRF}={TOKEN}" if session else ""

    def get(self, path: str, method: str = "GET", **headers: str) -> VisitedPage:
        """Return the response to a request without a body; redirects are not followed."""
        return self._send(method, path, None, headers)

    def post(self, path: str, **fields: str) -> VisitedPage:
        """Send a form with a valid token; return the response."""
        body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, body, kind | {"Origin": self.fleet.url})

    def at_once(self, number: int, method: str, path: str) -> set[int]:
        """Send a request, once it is answered the others together; return all statuses.

        All connections are open before the first request, since a busy machine takes long for them.
        """
        statuses: set[int] = set()
        connections = [self._connection() for _ in range(number)]
        with contextlib.ExitStack() as stack:
            for each in connections:
                stack.enter_context(contextlib.closing(each))
                each.connect()
            for together in (connections[:1], connections[1:]):
                for each in together:
                    each.request(method, path, headers={"Host": "localhost"})
                statuses |= {each.getresponse().status for each in together}
        return statuses

    def _connection(self) -> http.client.HTTPSConnection:
        """Return a connection to nginx that is not open yet."""
        return http.client.HTTPSConnection(
            "127.0.0.1",
            self.fleet.ports["https"],
            timeout=60,
            context=client_context(),
            source_address=(self.address, 0),
        )

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> VisitedPage:
        connection = self._connection()
        cookies = {"Cookie": self.cookie} if self.cookie else {}
        sent = {"Host": "localhost"} | cookies
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return VisitedPage(answer.status, dict(answer.getheaders()), text)
        finally:
            connection.close()
