"""Write, list and remove the files of pictures, in the folder that the web server reads."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

# Hexadecimal digits of a SHA-256.
DIGEST_LENGTH = 64
# A digest, what stands behind it in the names of further files, and the kind.
_NAME = re.compile(r"[0-9a-f]{64}(?:-[0-9a-z]{1,16})?\.(?:png|jpg|webp)")
# The beginning of the name of a file that is not whole yet, or never became so.
_UNFINISHED = ".unfinished-"


def path_of(name: str) -> Path:
    """Return the path of the file `name`; raise FileNotFoundError if we never call one so."""
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return Path(settings.MEDIA_ROOT) / name


def digest_of(name: str) -> str:
    """Return the digest of the picture to which the file `name` belongs, empty for no such name."""
    return name[:DIGEST_LENGTH] if _NAME.fullmatch(name) else ""


def write(name: str, content: bytes) -> None:
    """Write the file `name` so that it is whole whenever it is there, also after a power cut.

    The web server may read it. Raises OSError if the disk fails or is full; nothing is left then.
    """
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=_UNFINISHED, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), settings.FILE_UPLOAD_PERMISSIONS or 0o644)
            os.fsync(file.fileno())
            Path(file.name).rename(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync(target.parent)


def remove(name: str) -> None:
    """Remove the file `name`, if it is there."""
    path_of(name).unlink(missing_ok=True)


def written_before(when: float) -> Iterator[str]:
    """Yield the names of our files written before `when`, in seconds since 1970.

    Unfinished ones are removed; what else lies in the folder is not ours.
    """
    with suppress(FileNotFoundError), os.scandir(settings.MEDIA_ROOT) as entries:
        for entry in entries:
            is_unfinished = entry.name.startswith(_UNFINISHED)
            if not (is_unfinished or _NAME.fullmatch(entry.name)):
                continue
            if entry.stat(follow_symlinks=False).st_mtime >= when:
                continue
            if is_unfinished:
                Path(entry.path).unlink(missing_ok=True)
            else:
                yield entry.name


def _sync(folder: Path) -> None:
    """Write the entries of `folder` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
