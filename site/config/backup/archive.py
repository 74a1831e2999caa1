"""The archive itself: an uncompressed tar file, written with checksums and read with suspicion."""

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

_PIECE = 1024 * 1024
# Everything else can lead out of the folder, point elsewhere, or claim more than is there.
_PLAIN_FILES = {tarfile.REGTYPE, tarfile.AREGTYPE}


class _Hashed(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sha256.update(piece)
        return piece


class ArchiveWriter:
    """Writes an archive into an open file, member by member; the manifest comes last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members: dict[str, Member] = {}

    def add(self, name: str, file: IO[bytes]) -> None:
        """Add an open file under `name`.

        Raises `BackupRefused` for a name that no restore would take.
        """
        if not names.is_allowed(name):
            raise BackupRefused(f"{name!r} cannot be backed up under that name. Rename the file.")
        status = os.fstat(file.fileno())
        source = _Hashed(file)
        self._add(name, source, status.st_size, int(status.st_mtime))
        self.members[name] = Member(status.st_size, source.sha256.hexdigest())

    def seal(self, manifest: Manifest) -> None:
        """Add the manifest and its checksum, and end the archive."""
        stored = manifest.to_json()
        line = f"{hashlib.sha256(stored).hexdigest()}  {names.MANIFEST}\n".encode()
        moment = int(manifest.made_at.timestamp())
        self._add(names.MANIFEST, io.BytesIO(stored), len(stored), moment)
        self._add(names.SEAL, io.BytesIO(line), len(line), moment)
        self._tar.close()

    def _add(self, name: str, source: io.IOBase, size: int, moment: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, moment, 0o600
        self._tar.addfile(member, source)


@contextmanager
def new_file(target: Path, folder: Path) -> Iterator[IO[bytes]]:
    """Yield a file in `folder` that becomes `target` after the block, readable by us alone.

    It is on the disk before it gets its name, and never takes the place of another file.
    """
    unfinished = folder / "unfinished.tar"
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    _name(unfinished, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(unfinished: Path, target: Path) -> None:
    """Give a file its name, unless something else has it.

    A link is refused by the system itself where the name is taken. Some file systems have none.
    """
    try:
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise BackupRefused(f"{target} is there already, and is not overwritten.") from None
    except OSError:
        if target.exists():
            raise BackupRefused(f"{target} is there already, and is not overwritten.") from None
        unfinished.rename(target)


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack an archive into `folder` and prove it; return its manifest.

    Raises `BackupRefused` for anything that differs from what the manifest says, or is no plain
    file.
    """
    try:
        found = _store_members(path, folder)
    except (tarfile.TarError, EOFError, MemoryError, RecursionError, ValueError):
        raise BackupRefused(
            f"{path} is damaged, or no backup: it cannot be read to its end."
        ) from None
    manifest = _sealed(found, folder)
    _compare(found, manifest)
    return manifest


def _store_members(path: Path, folder: Path) -> dict[str, Member]:
    found: dict[str, Member] = {}
    # A tar file is written in whole records; one that was cut off rarely ends with one.
    if path.stat().st_size % tarfile.RECORDSIZE:
        raise EOFError
    # "r:" takes no compression, so nothing can unfold to more than the file's own length.
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            _refuse_unsafe(member, found)
            found[member.name] = _store(tar, member, folder / member.name)
    return found


def _refuse_unsafe(member: tarfile.TarInfo, found: dict[str, Member]) -> None:
    if member.type not in _PLAIN_FILES or member.issparse() or not names.is_allowed(member.name):
        raise BackupRefused(f"The archive holds {member.name!r}, which no backup of ours holds.")
    if member.name in found:
        raise BackupRefused(f"The archive holds {member.name!r} twice, so it is none of ours.")


def _store(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> Member:
    """Write a member to `target`, and return its length and checksum as they really are."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = tar.extractfile(member)
    assert content is not None
    source, size = _Hashed(content), 0
    with target.open("xb") as file:
        while piece := source.read(_PIECE):
            size += file.write(piece)
    with suppress(OverflowError):  # a moment that this system cannot express is no loss
        os.utime(target, (member.mtime, member.mtime))
    if size != member.size:
        raise EOFError
    return Member(size, source.sha256.hexdigest())


def _sealed(found: dict[str, Member], folder: Path) -> Manifest:
    """Return the manifest, if it is the one that was sealed."""
    missing = {names.MANIFEST, names.SEAL, names.DATABASE} - found.keys()
    if missing:
        raise BackupRefused(f"The backup is damaged: it has no {min(missing)}.")
    expected = f"{found.pop(names.MANIFEST).sha256}  {names.MANIFEST}\n".encode()
    found.pop(names.SEAL)
    if (folder / names.SEAL).read_bytes() != expected:
        raise BackupRefused("The backup is damaged: its manifest is not the one that was written.")
    return read((folder / names.MANIFEST).read_bytes())


def _compare(found: dict[str, Member], manifest: Manifest) -> None:
    for name in sorted(found.keys() | manifest.members.keys()):
        if name not in found:
            raise BackupRefused(f"The backup is damaged: {name} is missing.")
        if name not in manifest.members:
            raise BackupRefused(f"The backup is damaged: its manifest does not know {name}.")
        if found[name] != manifest.members[name]:
            raise BackupRefused(f"The backup is damaged: {name} is not what was backed up.")
