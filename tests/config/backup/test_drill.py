"""Test a backup taken while readers write, restored into another site."""

import stat
import tarfile
from contextlib import closing
from io import StringIO
from pathlib import Path
from threading import Condition, Thread
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from accounts import handles
from accounts.models import Role
from comments.models import Comment
from config.backup import media as media_files
from pictures.purposes import Purpose
from pictures.storing import store
from posts.models import Post
from tests.core.images import hostile
from tests.factories import make_comment, make_post, make_question, make_user

from .sites import Rows, SecondSite, rows, second_site, tree

PICTURE = bytes(range(256)) * 300
AFTERWARDS = """
from accounts.models import User
from comments.models import Comment
from pictures.purposes import Purpose
from pictures.storing import store
from posts.models import Post
from tests.core.images import hostile
from tests.factories import make_comment

highest = Comment.objects.latest("pk").pk
reader = User.objects.create(email="late@example.org", handle="late", is_demo=True)
comment = make_comment(Post.objects.get(), reader)
print(comment.pk - highest)
"""


class DrillWriter(Thread):
    """A reader who posts comments one after the other, and records those stored each time."""

    def __init__(self, post: Post) -> None:
        super().__init__()
        self.post = post
        self.readers = [make_user(is_demo=True) for _number in range(5)]
        self.states: list[Rows] = []
        self.failure: Exception | None = None
        self.is_over = False
        self._posted = Condition()

    def run(self) -> None:
        try:
            while not self.is_over:
                make_comment(self.post, self.readers[len(self.states) % len(self.readers)])
                with connection.cursor() as cursor, self._posted:
                    self.states.append(rows(cursor))
                    self._posted.notify_all()
        except Exception as raised:
            self.failure = raised
        finally:
            connection.close()

    def wait_for_more(self) -> int:
        """Return how many comments there are, once there is one more than now."""
        with self._posted:
            before = len(self.states)
            assert self._posted.wait_for(lambda: len(self.states) > before or self.failure, 60)
            assert self.failure is None
            return len(self.states)

    def stop(self) -> None:
        """Let the writer finish."""
        self.is_over = True
        self.join()


def fill_media(media: Path) -> None:
    (media / "2026").mkdir(parents=True)
    (media / "2026" / "picture.jpg").write_bytes(PICTURE)
    (media / "Übersicht 1.txt").write_text("Above.")
    (media / "empty.txt").write_bytes(b"")


def fill_discussion() -> Post:
    post = make_post(make_user("ada", Role.AUTHOR))
    make_question(post)
    call_command("generate_discussion", post.slug, comments=200, stdout=StringIO())
    return post


def back_up_while_somebody_writes(post: Post, archive: Path) -> list[Rows]:
    """Return the states of the database of which the archive has to hold one."""
    writer = DrillWriter(post)
    files = media_files.files

    def files_after_another_comment() -> Any:
        writer.wait_for_more()
        return files()

    writer.start()
    try:
        before = writer.wait_for_more()
        with mock.patch.object(media_files, "files", files_after_another_comment):
            call_command("backup", archive, stdout=StringIO())
        after = writer.wait_for_more()
    finally:
        writer.stop()
    assert after - before >= 2
    # The last but one was posted after the database had been copied.
    return writer.states[before - 1 : after - 1]


def sign_somebody_in() -> str:
    session = SessionStore()
    session["_auth_user_id"] = "1"
    session.create()
    cache.set("kept-for-a-while", "by the cache", 3600)
    assert session.session_key
    return session.session_key


@pytest.mark.parametrize("is_prepared", [True, False], ids=["empty site", "bare database"])
def test_a_site_stands_up_again(
    is_prepared: bool, media: Path, second: SecondSite, tmp_path: Path
) -> None:
    """Restore all rows and files as of one time, on a site that can be used at once."""
    post = fill_discussion()
    fill_media(media)
    picture = store(hostile.picture(size=(200, 200)), Purpose.ICON, post.authors.get())
    key = sign_somebody_in()
    handles.digest("a handle of somebody erased")
    archive = tmp_path / "backup.tar"
    states = back_up_while_somebody_writes(post, archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600

    if is_prepared:
        second.prepare()
    said = second.done("restore", str(archive))
    assert "No faults found." in said
    restored = second.rows()
    assert restored in states
    assert len(restored["comments_comment"]) >= 200
    assert tree(second.folder / "media") == tree(media)
    assert {*picture.file_names} < tree(media).keys()
    assert len(restored["pictures_picture"]) == 1
    assert list(second.folder.glob(".restore-*")) == []
    handle_key = second.folder / "private" / "handle.key"
    assert handle_key.read_bytes() == settings.HANDLE_KEY_FILE.read_bytes()
    assert stat.S_IMODE(handle_key.stat().st_mode) == 0o600
    assert stat.S_IMODE(handle_key.parent.stat().st_mode) == 0o700
    assert_nobody_is_signed_in(second, archive, key)

    # PostgreSQL assigns ids outside transactions: some may be skipped, none is used twice.
    assert int(second.done("shell", "--no-imports", "-c", AFTERWARDS).split()[-1]) >= 1
    assert_history_is_guarded(second)
    assert second.done("check_integrity") == "No faults found.\n"
    assert_refused_over_data(second, archive)


def assert_nobody_is_signed_in(site: SecondSite, archive: Path, key: str) -> None:
    with closing(site.connect()) as opened:
        for table in ("django_session", "cache"):
            assert opened.cursor().execute(f"SELECT * FROM {table}").fetchall() == []
    # SQLite's file is not compressed; PostgreSQL's dump is checked by the rows above.
    assert key.encode() not in archive.read_bytes()
    assert b"kept-for-a-while" not in archive.read_bytes()


def assert_history_is_guarded(site: SecondSite) -> None:
    for table in ("comments_stancerecord", "comments_decision"):
        with closing(site.connect()) as opened:
            cursor = opened.cursor()
            if not cursor.execute(f"SELECT 1 FROM {table}").fetchall():
                continue
            with pytest.raises(Exception, match="append-only"):
                cursor.execute(f"UPDATE {table} SET id = id")


def assert_refused_over_data(site: SecondSite, archive: Path) -> None:
    before, files = site.rows(), tree(site.folder / "media")
    done = site.manage("restore", str(archive))
    assert done.returncode == 1
    assert "There is data here already" in done.stderr
    assert "Traceback" not in done.stderr
    assert (site.rows(), tree(site.folder / "media")) == (before, files)


def test_what_people_deleted_is_not_in_the_archive(
    media: Path, transactional_db: None, tmp_path: Path
) -> None:
    """Leave out the free pages of an SQLite file, which still hold deleted rows."""
    post = make_post(make_user("ada", Role.AUTHOR))
    make_question(post)
    words = "Unmistakable words that I take back."
    comment = make_comment(post, make_user(is_demo=True), body=words)
    Comment.objects.filter(pk=comment.pk).update(body="", body_html="")
    archive = tmp_path / "backup.tar"
    call_command("backup", archive, stdout=StringIO())
    assert words.encode() not in archive.read_bytes()


def test_a_fault_of_the_original_is_reported(
    media: Path, second: SecondSite, tmp_path: Path
) -> None:
    """Restore the data, and report its fault by the exit code."""
    post = make_post(make_user("ada", Role.AUTHOR))
    Post.objects.filter(pk=post.pk).update(comment_count=7)
    archive = tmp_path / "backup.tar"
    call_command("backup", archive, stdout=StringIO())
    done = second.manage("restore", str(archive))
    assert done.returncode == 1
    assert "its comment_count is 7, counted are 0" in done.stdout
    assert "The backup is restored, but: 1 fault found." in done.stderr


def test_a_backup_of_an_older_version(second: SecondSite, tmp_path: Path) -> None:
    """Restore it into an empty database and migrate it; a site with tables is too new."""
    with second_site(tmp_path / "older", "older") as older:
        older.prepare()
        older.done("migrate", "mfa", "0002", "-v0")
        archive = tmp_path / "backup.tar"
        older.done("backup", str(archive))
    second.done("restore", str(archive))
    assert "[ ]" not in second.done("showmigrations", "mfa")
    with second_site(tmp_path / "newer", "newer") as newer:
        newer.prepare()
        before = newer.rows()
        done = newer.manage("restore", str(archive))
        assert done.returncode == 1
        assert "of an older version of the site than this database" in done.stderr
        assert newer.rows() == before


def test_without_a_site_there_is_no_backup(second: SecondSite, tmp_path: Path) -> None:
    """Refuse a database without tables, which means a mistake in the settings."""
    done = second.manage("backup", str(tmp_path / "backup.tar"))
    assert done.returncode == 1
    assert "The database is empty" in done.stderr
    assert not (tmp_path / "backup.tar").exists()


def test_anyone_can_check_the_manifest(media: Path, transactional_db: None, tmp_path: Path) -> None:
    """Check it with tar and sha256sum alone."""
    fill_media(media)
    archive = tmp_path / "backup.tar"
    call_command("backup", archive, stdout=StringIO())
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert names[0] == "database"
    assert "media/2026/picture.jpg" in names
    assert names[-2:] == ["manifest.json", "manifest.sha256"]
