"""Capture responses of the site, for a bare view or nginx to send again."""

import contextlib
import json
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from .load import Request

GZIP = {"Accept-Encoding": "gzip"}  # as browsers do
# Headers that the server writes itself, whatever the application sets.
OF_THE_SERVER = {"date", "server", "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Captured:
    """A response: its status, its headers without those that the server adds, and its bytes."""

    status: int
    headers: dict[str, str]
    content: bytes

    @classmethod
    def from_site(cls, url: str, request: Request) -> "Captured":
        """Return the response of the server at `url`; raise RuntimeError on a wrong status."""
        with contextlib.closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
            connection.request("GET", request.path, headers=request.headers)
            response = connection.getresponse()
            content = response.read()
        if response.status != request.status:
            raise RuntimeError(f"GET {request.path} answered {response.status}")
        received = response.getheaders()
        headers = {name: value for name, value in received if name.lower() not in OF_THE_SERVER}
        return cls(response.status, headers, content)

    def header(self, name: str) -> str:
        """Return the header `name` in any case, or an empty string."""
        return next((v for key, v in self.headers.items() if key.lower() == name.lower()), "")

    def keep(self, folder: Path, name: str) -> None:
        """Write it to `folder` under `name`, for `bench.limits.bare`."""
        (folder / name).write_bytes(self.content)
        described = {"status": self.status, "headers": self.headers}
        (folder / f"{name}.json").write_text(json.dumps(described))
