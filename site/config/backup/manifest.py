"""The manifest of an archive: its members, rows and migrations, to verify it by."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .refusal import BackupRefused

# Version of the format; increase it when an older program could not read the new one.
FORMAT = 1


@dataclass(frozen=True)
class Member:
    """A file of an archive: its length in bytes and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """The contents of a database: migrations as `app.name`, and numbers of rows by table."""

    migrations: list[str]
    rows: dict[str, int]


@dataclass(frozen=True)
class Manifest:
    """The engine, time and contents of a backup, and the members of its archive by name."""

    engine: str
    made_at: datetime
    contents: Contents
    members: dict[str, Member]

    def to_json(self) -> bytes:
        """Return the manifest as JSON."""
        data = {
            "format": FORMAT,
            "engine": self.engine,
            "made_at": self.made_at.isoformat(),
            "migrations": self.contents.migrations,
            "rows": self.contents.rows,
            "members": {name: asdict(member) for name, member in self.members.items()},
        }
        return json.dumps(data, indent=1).encode() + b"\n"


def read(stored: bytes) -> Manifest:
    """Return the manifest stored as JSON.

    Raises `BackupRefused` if it is invalid or has another format.
    """
    try:
        data = json.loads(stored)
        _refuse_other_formats(data["format"])
        return _manifest(data)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise BackupRefused("The backup is damaged: its manifest cannot be read.") from None


def _refuse_other_formats(number: int) -> None:
    if number != FORMAT:
        raise BackupRefused(
            f"The backup has format {number}, and this version of the site reads format {FORMAT}."
        )


def _manifest(data: dict[str, Any]) -> Manifest:
    return Manifest(
        engine=str(data["engine"]),
        made_at=datetime.fromisoformat(data["made_at"]),
        contents=Contents(
            migrations=[str(name) for name in data["migrations"]],
            rows={str(table): int(count) for table, count in data["rows"].items()},
        ),
        members={
            str(name): Member(size=int(member["size"]), sha256=str(member["sha256"]))
            for name, member in data["members"].items()
        },
    )
