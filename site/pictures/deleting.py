"""Delete pictures that nothing uses, and files that no picture has."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone

from core import limits
from core.db.transactions import retried

from . import files, texts
from .models import Picture

# Rows, or files, that are looked at together: few enough that an upload meanwhile does not wait.
BATCH = 100
# Any number that no other advisory lock of this database has.
_LOCK = 0x7069_6374


def lock() -> None:
    """Let no other transaction store or delete a picture until this one ends.

    Without it a file might be deleted that somebody uploads again at that moment. On SQLite one
    transaction writes at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def delete_unused() -> None:
    """Delete what nobody uploaded lately, nothing uses and no text names, rows and files."""
    now = timezone.now()
    before = now - timedelta(seconds=limits.PICTURE_KEPT)
    if old := list(Picture.objects.due(now).unused().values_list("pk", "digest")):
        named = texts.named_digests()
        # Those that a text names are due each time: they must not fill the batch.
        if keys := [key for key, digest in old if digest not in named][:BATCH]:
            _delete(keys)
    for names in _batched(files.written_before(before.timestamp())):
        if orphans := names - _of_pictures(names):
            _remove(orphans)


def delete_of(person: Any) -> None:
    """Delete the pictures of `person` that nothing uses; others rely on the rest."""
    keys = list(Picture.objects.filter(uploaded_by=person).values_list("pk", flat=True))
    if keys:
        _delete(keys)


@retried
def _delete(keys: list[int]) -> None:
    lock()
    named = texts.named_digests()
    unused = Picture.objects.filter(pk__in=keys).unused()
    gone = [picture for picture in unused if picture.digest not in named]
    Picture.objects.filter(pk__in=[picture.pk for picture in gone]).delete()
    _remove({name for picture in gone for name in picture.file_names})


@retried
def _remove(names: set[str]) -> None:
    """Remove those of the files `names` that no picture has."""
    lock()
    for name in names - _of_pictures(names):
        files.remove(name)


def _of_pictures(names: set[str]) -> set[str]:
    """Return those of the files `names` that are a picture's."""
    pictures = Picture.objects.filter(digest__in={files.digest_of(name) for name in names})
    return names & {name for picture in pictures for name in picture.file_names}


def _batched(names: Iterator[str]) -> Iterator[set[str]]:
    """Yield `names` in sets of `BATCH`."""
    while batch := set(islice(names, BATCH)):
        yield batch
