"""Test how pictures are stored, and that files and rows go when nothing uses them."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from core import limits, personal
from core.images.refusal import PictureRefused
from pictures import deleting, files
from pictures.models import Picture
from pictures.purposes import Purpose
from pictures.storing import store
from tests.core.images import hostile
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(seconds=limits.PICTURE_KEPT + 60)
SQUARE = hostile.picture(size=(300, 300))


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a folder of its own."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    return tmp_path / "media"


def age(media: Path) -> None:
    """Let everything be uploaded two days ago."""
    Picture.objects.update(uploaded_at=timezone.now() - LONG_AGO)
    for path in media.iterdir():
        os.utime(path, ((timezone.now() - LONG_AGO).timestamp(),) * 2)


def names(media: Path) -> set[str]:
    return {path.name for path in media.iterdir()}


def test_a_picture_is_a_row_and_files_that_the_web_server_may_read(media: Path) -> None:
    person = make_user()
    before = os.umask(0o077)
    try:
        logo, icon = (
            store(hostile.picture(), Purpose.LOGO, person),
            store(SQUARE, Purpose.ICON, person),
        )
    finally:
        os.umask(before)
    assert names(media) == {*logo.file_names, *icon.file_names}
    assert (logo.width, logo.height, icon.width, len(icon.file_names)) == (40, 30, 512, 5)
    for path in media.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert store(hostile.picture(), Purpose.LOGO, person) == logo
    answer = Client().get(icon.further["180"])
    assert b"".join(answer) == (media / icon.file_name("180")).read_bytes()


def test_what_is_refused_or_does_not_fit_on_the_disk_leaves_nothing(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_user()
    with pytest.raises(PictureRefused):
        store(b"<svg/>", Purpose.LOGO, person)
    assert not media.exists()
    monkeypatch.setattr("pictures.files.os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28)))
    with pytest.raises(OSError, match="28"):
        store(hostile.picture(), Purpose.LOGO, person)
    assert not Picture.objects.exists()
    assert names(media) == set()


def test_what_nothing_uses_for_a_day_goes_and_nothing_else(media: Path) -> None:
    one, other = make_user(), make_user()
    mine = store(SQUARE, Purpose.ICON, one)
    theirs = store(SQUARE, Purpose.ICON, other)
    small = store(hostile.picture(), Purpose.LOGO, one)
    orphan = files.path_of(f"{'0' * 64}.png")
    for path in (orphan, media / ".unfinished-x", media / "holiday.jpg"):
        path.write_bytes(b"x")
    deleting.delete_unused()
    assert Picture.objects.count() == 3
    age(media)
    # Uploaded again a moment ago, by one of the two.
    store(SQUARE, Purpose.ICON, other)
    deleting.delete_unused()
    assert list(Picture.objects.all()) == [theirs]
    assert names(media) == {*mine.file_names, "holiday.jpg"}
    assert small.name not in names(media)
    assert not orphan.exists()


def test_erasing_an_account_deletes_its_pictures_which_the_download_lists(media: Path) -> None:
    person = make_user()
    picture = store(hostile.picture(), Purpose.LOGO, person)
    (listed,) = personal.download_of(person)["pictures"]
    assert (listed["address"], listed["width"]) == (picture.address, 40)
    personal.erase_all(personal.Erasure(person, delete_texts=False), account=False)
    assert not Picture.objects.exists()
    assert names(media) == set()


def test_the_address_of_a_picture_is_the_same_for_everybody(media: Path) -> None:
    person = make_user()
    picture = store(hostile.picture("WEBP"), Purpose.LOGO, person)
    client = Client()
    client.force_login(person)
    for asking in (client, Client()):
        answer = asking.get(picture.address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not {"Vary", "Set-Cookie"} & set(answer.headers)
        assert not answer.cookies
    for wrong in (f"{'0' * 64}.png", "x.png", f"{picture.digest}.svg", f"../{picture.name}"):
        assert client.get(f"/media/{wrong}").status_code == 404
    assert client.post(picture.address).status_code == 405
