"""Checks of pictures: each has its files, which lie beside the database."""

from collections.abc import Iterator

from pictures import files
from pictures.models import Picture

from .faults import Fault
from .queries import Window

ADVICE = "take the folder media from a backup, or upload the picture again"


def missing_files(window: Window) -> Iterator[Fault]:
    """Yield the pictures of which a file is missing."""
    rows = window.read(Picture.objects.all(), "pk", "digest", "kind", "purpose")
    for pk, digest, kind, purpose in rows:
        picture = Picture(digest=digest, kind=kind, purpose=purpose)
        for name in picture.file_names:
            if not files.path_of(name).exists():
                yield Fault(f"picture {pk}: its file {name} is missing", advice=ADVICE)
