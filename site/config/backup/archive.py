"""Write and unpack archives: uncompressed tar files, verified by checksums."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from . import names
from .manifest import Manifest, Member, read
from .refusal import BackupRefused

# Bytes read at a time.
_PIECE = 1024 * 1024
# Other types can write outside the folder, link to other files, or claim more data than there is.
_REGULAR_FILES = {tarfile.REGTYPE, tarfile.AREGTYPE}


class _Hashed(io.RawIOBase):
    """Reads a file and computes its SHA-256 meanwhile."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sha256.update(piece)
        return piece


class ArchiveWriter:
    """Writes an archive to an open file, member by member, with the manifest last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members: dict[str, Member] = {}

    def add(self, name: str, file: IO[bytes]) -> None:
        """Add an open file under `name`.

        Raises `BackupRefused` for a name that `restore` would refuse.
        """
        if not names.is_allowed(name):
            raise BackupRefused(f"{name!r} is not a valid name in a backup. Rename the file.")
        status = os.fstat(file.fileno())
        source = _Hashed(file)
        self._add(name, source, status.st_size, int(status.st_mtime))
        self.members[name] = Member(status.st_size, source.sha256.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and its checksum, and close the archive."""
        stored = manifest.to_json()
        line = f"{hashlib.sha256(stored).hexdigest()}  {names.MANIFEST}\n".encode()
        made_at = int(manifest.made_at.timestamp())
        self._add(names.MANIFEST, io.BytesIO(stored), len(stored), made_at)
        self._add(names.CHECKSUM, io.BytesIO(line), len(line), made_at)
        self._tar.close()

    def _add(self, name: str, source: io.IOBase, size: int, modified_at: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, modified_at, 0o600
        self._tar.addfile(member, source)


@contextmanager
def new_file(target: Path, folder: Path) -> Iterator[IO[bytes]]:
    """Yield a file in `folder` that is renamed to `target` after the block, readable by us alone.

    It is synced to disk before it is renamed, and never replaces another file.
    """
    unfinished = folder / "unfinished.tar"
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    _rename(unfinished, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(unfinished: Path, target: Path) -> None:
    """Rename a file to `target`; raise `BackupRefused` if that exists.

    A hard link fails atomically if the name is taken, but some file systems have none.
    """
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise BackupRefused(f"{target} exists already and is not overwritten.") from None
    except OSError:
        if target.exists():
            raise BackupRefused(f"{target} exists already and is not overwritten.") from None
        unfinished.rename(target)


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack an archive into `folder`, verify it, and return its manifest.

    Raises `BackupRefused` for a member that differs from the manifest or is not a regular file.
    """
    try:
        found = _store_members(path, folder)
    except (tarfile.TarError, EOFError, MemoryError, RecursionError, ValueError):
        raise BackupRefused(
            f"{path} is damaged or not a backup: it cannot be read to its end."
        ) from None
    manifest = _verified_manifest(found, folder)
    _compare(found, manifest)
    return manifest


def _store_members(path: Path, folder: Path) -> dict[str, Member]:
    found: dict[str, Member] = {}
    # A tar file consists of whole records; a truncated file rarely does.
    if path.stat().st_size % tarfile.RECORDSIZE:
        raise EOFError
    # "r:" accepts no compression, so members cannot be longer than the file.
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            _refuse_unsafe(member, found)
            found[member.name] = _store(tar, member, folder / member.name)
    return found


def _refuse_unsafe(member: tarfile.TarInfo, found: dict[str, Member]) -> None:
    if member.type not in _REGULAR_FILES or member.issparse() or not names.is_allowed(member.name):
        raise BackupRefused(f"The archive contains {member.name!r}, which no backup contains.")
    if member.name in found:
        raise BackupRefused(f"The archive contains {member.name!r} twice, so it is not a backup.")


def _store(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> Member:
    """Write a member to `target` and return its actual length and checksum."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = tar.extractfile(member)
    assert content is not None
    source, size = _Hashed(content), 0
    with target.open("xb") as file:
        while piece := source.read(_PIECE):
            size += file.write(piece)
    with suppress(OverflowError):  # a time this system cannot represent can be dropped
        os.utime(target, (member.mtime, member.mtime))
    if size != member.size:
        raise EOFError
    return Member(size, source.sha256.hexdigest())


def _verified_manifest(found: dict[str, Member], folder: Path) -> Manifest:
    """Return the manifest; raise `BackupRefused` unless its checksum matches."""
    missing = {names.MANIFEST, names.CHECKSUM, names.DATABASE} - found.keys()
    if missing:
        raise BackupRefused(f"The backup is damaged: it has no {min(missing)}.")
    expected = f"{found.pop(names.MANIFEST).sha256}  {names.MANIFEST}\n".encode()
    found.pop(names.CHECKSUM)
    if (folder / names.CHECKSUM).read_bytes() != expected:
        raise BackupRefused("The backup is damaged: its manifest is not the one that was written.")
    return read((folder / names.MANIFEST).read_bytes())


def _compare(found: dict[str, Member], manifest: Manifest) -> None:
    for name in sorted(found.keys() | manifest.members.keys()):
        if name not in found:
            raise BackupRefused(f"The backup is damaged: {name} is missing.")
        if name not in manifest.members:
            raise BackupRefused(f"The backup is damaged: its manifest does not list {name}.")
        if found[name] != manifest.members[name]:
            raise BackupRefused(f"The backup is damaged: {name} differs from what was backed up.")
