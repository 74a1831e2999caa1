"""Answers as they were sent, to be sent again by a bare view or as a file."""

import contextlib
import json
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from .load import Request

GZIP = {"Accept-Encoding": "gzip"}  # as browsers do
# The server writes these itself, whatever the application says.
OF_THE_SERVER = {"date", "server", "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Captured:
    """An answer: its status, its headers without those that the server adds, and its bytes."""

    status: int
    headers: dict[str, str]
    content: bytes

    @classmethod
    def from_site(cls, url: str, request: Request) -> "Captured":
        """Return the answer of the server at `url`; raises RuntimeError for a wrong status."""
        with contextlib.closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
            connection.request("GET", request.path, headers=request.headers)
            response = connection.getresponse()
            content = response.read()
        if response.status != request.status:
            raise RuntimeError(f"GET {request.path} answered {response.status}")
        given = response.getheaders()
        kept = {name: value for name, value in given if name.lower() not in OF_THE_SERVER}
        return cls(response.status, kept, content)

    def header(self, name: str) -> str:
        """Return a header however its name is written, or an empty string."""
        return next((v for key, v in self.headers.items() if key.lower() == name.lower()), "")

    def keep(self, folder: Path, name: str) -> None:
        """Keep it in `folder` under `name`, for `bench.limits.bare`."""
        (folder / name).write_bytes(self.content)
        told = {"status": self.status, "headers": self.headers}
        (folder / f"{name}.json").write_text(json.dumps(told))
