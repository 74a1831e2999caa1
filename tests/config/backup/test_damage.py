"""Test that a damaged archive is refused with a sentence, and changes nothing."""

import gzip
import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from .sites import rows, tree

# SQLite copies no database in which the copying connection has begun to write.
pytestmark = pytest.mark.django_db(transaction=True)

Member = tuple[tarfile.TarInfo, bytes]
Damage = Callable[[list[Member]], list[Member]]
MEMBERS = ("database", "media/2026/picture.jpg", "manifest.json", "manifest.sha256")


@pytest.fixture(scope="module")
def stored(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> bytes:
    """Return a valid backup of a site with a media file, made once for all tests."""
    folder = tmp_path_factory.mktemp("backed-up")
    picture = folder / "media" / "2026" / "picture.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(bytes(range(256)) * 100)
    paths = override_settings(
        DATA_DIR=folder, MEDIA_ROOT=folder / "media", HANDLE_KEY_FILE=folder / "none.key"
    )
    with django_db_blocker.unblock(), paths:
        call_command("backup", folder / "backup.tar", stdout=StringIO())
    return (folder / "backup.tar").read_bytes()


@pytest.fixture
def archive(stored: bytes, media: Path, tmp_path: Path) -> Path:
    """Return the path of a valid backup, beside a site without its media file."""
    path = tmp_path / "backup.tar"
    path.write_bytes(stored)
    return path


@contextmanager
def nothing_changes(tmp_path: Path) -> Iterator[pytest.ExceptionInfo[CommandError]]:
    """Check that the block raises one sentence, and changes no row, file, folder or link."""
    with connection.cursor() as cursor:
        before = rows(cursor), tree(tmp_path)
        with pytest.raises(CommandError) as refused:
            yield refused
        assert (rows(cursor), tree(tmp_path)) == before
    assert str(refused.value).startswith("Nothing was restored. ")
    assert "\n" not in str(refused.value)


def refusal(path: Path, tmp_path: Path) -> str:
    """Return the sentence with which the archive is refused."""
    with nothing_changes(tmp_path) as refused:
        call_command("restore", path)
    return str(refused.value)


# --- Whole members ------------------------------------------------------------------------------


def taken_apart(path: Path) -> list[Member]:
    with tarfile.open(path) as tar:
        found = [(member, tar.extractfile(member)) for member in tar]
        return [(member, file.read()) for member, file in found if file]


def put_together(path: Path, members: list[Member]) -> None:
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in members:
            if member.isreg() and member.type == tarfile.REGTYPE:
                member.size = len(content)
            tar.addfile(member, io.BytesIO(content) if member.size else None)


def changed(name: str, change: Callable[[bytes], bytes]) -> Damage:
    """Return the damage that changes the content of one member."""
    return lambda members: [(m, change(c) if m.name == name else c) for m, c in members]


def flipped(content: bytes) -> bytes:
    """Return `content` with one bit in its middle turned over."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def without(name: str) -> Damage:
    return lambda members: [(m, c) for m, c in members if m.name != name]


def with_one_more(name: str, content: bytes = b"extra", **fields: Any) -> Damage:
    def damage(members: list[Member]) -> list[Member]:
        member = tarfile.TarInfo(name)
        for field, value in fields.items():
            setattr(member, field, value)
        return [(member, content), *members]

    return damage


def manifest_changed(change: Callable[[dict[str, Any]], object]) -> Damage:
    """Return the damage of somebody who changes the manifest and seals it again."""

    def edit(stored: bytes) -> bytes:
        data = json.loads(stored)
        change(data)
        return json.dumps(data).encode()

    return lambda members: sealed(changed("manifest.json", edit)(members))


def manifest_replaced(stored: bytes) -> Damage:
    return lambda members: sealed(changed("manifest.json", lambda _: stored)(members))


def sealed(members: list[Member]) -> list[Member]:
    """Return the members with a seal that fits the manifest."""
    stored = next(content for member, content in members if member.name == "manifest.json")
    line = f"{hashlib.sha256(stored).hexdigest()}  manifest.json\n".encode()
    return changed("manifest.sha256", lambda _: line)(members)


def replaced(name: str, content: bytes) -> Damage:
    """Return the damage of somebody who changes a member, its checksum and the seal."""
    fitting = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def damage(members: list[Member]) -> list[Member]:
        members = changed(name, lambda _: content)(members)
        return manifest_changed(lambda data: data["members"].update({name: fitting}))(members)

    return damage


DAMAGES: dict[str, tuple[Damage, str]] = {
    **{f"a bit of {name}": (changed(name, flipped), "is damaged") for name in MEMBERS},
    **{f"the end of {name}": (changed(name, lambda c: c[:-1]), "is damaged") for name in MEMBERS},
    **{f"{name} missing": (without(name), "is damaged") for name in MEMBERS},
    "one media file more": (with_one_more("media/extra.txt"), "does not list media/extra.txt"),
    "one other file more": (with_one_more("extra.txt"), "'extra.txt', which no backup"),
    "a member twice": (lambda members: [members[0], *members], "'database' twice"),
    "a wrong checksum": (
        manifest_changed(lambda d: d["members"]["database"].update(sha256="0" * 64)),
        "database differs from what was backed up",
    ),
    "a wrong size": (
        manifest_changed(lambda d: d["members"]["database"].update(size=1)),
        "database differs from what was backed up",
    ),
    "a manifest that names more": (
        manifest_changed(lambda d: d["members"].update({"media/b": {"size": 0, "sha256": ""}})),
        "media/b is missing",
    ),
    "another format": (manifest_changed(lambda d: d.update(format=2)), "has format 2"),
    "another engine": (manifest_changed(lambda d: d.update(engine="oracle")), "a site on oracle"),
    "a newer version": (
        manifest_changed(lambda d: d["migrations"].append("comments.9999_later")),
        "the migration comments.9999_later",
    ),
    "a manifest without rows": (manifest_changed(lambda d: d.pop("rows")), "cannot be read"),
    "a manifest with odd rows": (manifest_changed(lambda d: d.update(rows=[1])), "cannot be read"),
    "a manifest with no time": (
        manifest_changed(lambda d: d.update(made_at="soon")),
        "cannot be read",
    ),
    "a manifest that is a list": (manifest_replaced(b"[]"), "cannot be read"),
    "a manifest that is no text": (manifest_replaced(b"\xff\xfe\x00"), "cannot be read"),
    "a manifest without bottom": (manifest_replaced(b"[" * 200_000), "cannot be read"),
    "a database that is none": (replaced("database", b"SQLite format 3\0" + b"x" * 5000), ""),
    "a database of no bytes": (replaced("database", b""), ""),
    **{
        f"the name {name!r}": (with_one_more(name), "which no backup contains")
        for name in (
            "../evil",
            "/tmp/evil",
            "media/../evil",
            "media/../../evil",
            "media//evil",
            "media/./evil",
            "media/a\nb",
            "media\\..\\evil",
            "media/..\\evil",
            "media",
            "database/evil",
            "",
        )
    },
    **{
        f"a {what}": (with_one_more("media/a", b"", type=kind, linkname="/etc/passwd"), "no backup")
        for what, kind in {
            "symbolic link": tarfile.SYMTYPE,
            "hard link": tarfile.LNKTYPE,
            "character device": tarfile.CHRTYPE,
            "block device": tarfile.BLKTYPE,
            "pipe": tarfile.FIFOTYPE,
            "folder": tarfile.DIRTYPE,
            "file of an unknown kind": b"Z",
        }.items()
    },
    "a file with holes": (
        with_one_more(
            "media/a",
            b"",
            pax_headers={"GNU.sparse.map": "0,0", "GNU.sparse.size": str(2**50)},
        ),
        "no backup",
    ),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_archive(damage: Damage, words: str, archive: Path, tmp_path: Path) -> None:
    put_together(archive, damage(taken_apart(archive)))
    assert words in refusal(archive, tmp_path)


def test_taking_it_apart_is_no_damage(archive: Path, tmp_path: Path) -> None:
    """Rewrite the archive unchanged, so that the refusals above come from the changes alone."""
    original = archive.read_bytes()
    put_together(archive, sealed(taken_apart(archive)))
    assert taken_apart(archive)[0][1] in original
    from config.backup.archive import unpack

    (tmp_path / "unpacked").mkdir()
    manifest = unpack(archive, tmp_path / "unpacked")
    assert set(manifest.members) == {"database", "media/2026/picture.jpg"}


# --- The file as such ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEMBERS)
def test_a_bit_of_a_header(name: str, archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        start = tar.getmember(name).offset
    stored = bytearray(archive.read_bytes())
    for place in (start, start + 124, start + 156):  # its name, its length, its kind
        damaged = stored.copy()
        damaged[place] ^= 1
        archive.write_bytes(damaged)
        refusal(archive, tmp_path)


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_a_part_of_the_file(part: float, archive: Path, tmp_path: Path) -> None:
    stored = archive.read_bytes()
    whole_records = int(len(stored) * part) // tarfile.RECORDSIZE * tarfile.RECORDSIZE
    if whole_records >= len(stored.rstrip(b"\0")):
        whole_records -= tarfile.RECORDSIZE  # what was cut off was nothing but the filling
    for length in {whole_records, int(len(stored) * part), len(stored) - 1, 1}:
        archive.write_bytes(stored[:length])
        refusal(archive, tmp_path)


@pytest.mark.parametrize(
    "other",
    [b"", b"A letter.", b"\0" * 10240, b"x" * 20480, gzip.compress(b"\0" * 10**6)],
    ids=["nothing", "text", "zeros", "noise", "compressed"],
)
def test_another_file(other: bytes, media: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    path.write_bytes(other)
    assert "is damaged" in refusal(path, tmp_path)


def test_a_compressed_archive(archive: Path, tmp_path: Path) -> None:
    """Refuse to decompress it, since its size is unknown."""
    squeezed = gzip.compress(archive.read_bytes())
    archive.write_bytes(squeezed + b"\0" * (-len(squeezed) % tarfile.RECORDSIZE))
    assert "is damaged" in refusal(archive, tmp_path)


def test_a_length_beyond_the_end(archive: Path, tmp_path: Path) -> None:
    """Refuse a member whose header claims a terabyte."""
    members = taken_apart(archive)
    members[0][0].size = 2**40
    header = members[0][0].tobuf(tarfile.GNU_FORMAT)
    archive.write_bytes(header + b"\0" * (10 * tarfile.RECORDSIZE - len(header)))
    assert "is damaged" in refusal(archive, tmp_path)


def test_no_file_at_all(media: Path, tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "nowhere.tar", tmp_path)
    assert "There is no file" in refusal(tmp_path, tmp_path)


# --- The database inside ------------------------------------------------------------------------


def test_a_database_that_lacks_rows(archive: Path, tmp_path: Path) -> None:
    """Detect missing rows: on SQLite before the restore, on PostgreSQL by counting after it."""
    if connection.vendor == "sqlite":
        lie = manifest_changed(lambda data: data["rows"].update(comments_comment=5))
        put_together(archive, lie(taken_apart(archive)))
        assert "does not match its manifest" in refusal(archive, tmp_path)


def test_a_restore_that_fails_halfway(archive: Path, media: Path, tmp_path: Path) -> None:
    """Roll the database back, and delete the restored media files."""
    database = next(
        content for member, content in taken_apart(archive) if member.name == "database"
    )
    content = unusable(database, tmp_path / "unusable")
    put_together(archive, replaced("database", content)(taken_apart(archive)))
    sentence = refusal(archive, tmp_path)
    assert "is damaged" not in sentence
    assert not media.exists()


def unusable(database: bytes, path: Path) -> bytes:
    """Return a database that looks sound, and that nothing can be restored from."""
    if connection.vendor == "postgresql":
        return database[: len(database) * 9 // 10]
    path.write_bytes(database)
    other = path.with_suffix(".other")
    with sqlite3.connect(path, isolation_level=None) as copy:
        # The pages of one file do not fit into the write-ahead log of the other.
        copy.execute("PRAGMA page_size = 8192")
        copy.execute("VACUUM INTO ?", [str(other)])
    copy.close()
    return other.read_bytes()
