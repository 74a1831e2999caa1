"""The web server reads static files and media, and nothing in `private/`, however it is asked."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.fleet.machine import UMASK, Fleet

from .visitor import Visitor

SECRET = "A key that nobody must read."  # noqa: S105 (that is the point)
# Names that nginx takes for static files, which no application knows of.
STATIC, PRIVATE = "probe.0123456789ab.css", "key.0123456789ab.txt"
PICTURE = f"{'0123456789abcdef' * 4}-maskable.png"
# Addresses that would lead to the file in `private/` if somebody took them apart carelessly.
SPELLINGS = (
    "/private",
    "/private/",
    f"/private/{PRIVATE}",
    f"/PRIVATE/{PRIVATE}",
    f"//private/{PRIVATE}",
    f"/./private/{PRIVATE}",
    f"/%70rivate/{PRIVATE}",
    f"/private%2f{PRIVATE}",
    f"/private/{PRIVATE}%00.css",
    f"/static/private/{PRIVATE}",
    f"/static/../private/{PRIVATE}",
    f"/static//../private/{PRIVATE}",
    f"/static/./../private/{PRIVATE}",
    f"/static/x/../../private/{PRIVATE}",
    f"/static/%2e%2e/private/{PRIVATE}",
    f"/static/..%2fprivate%2f{PRIVATE}",
    f"/static/%2e%2e%2fprivate/{PRIVATE}",
    f"/static/%252e%252e/private/{PRIVATE}",
    f"/static/..%5cprivate%5c{PRIVATE}",
    f"/static/..\\private\\{PRIVATE}",
    f"/static/..;/private/{PRIVATE}",
    f"/static/%c0%ae%c0%ae/private/{PRIVATE}",
    f"/static/{STATIC}/../../private/{PRIVATE}",
    f"/static/{STATIC}/%2e%2e/%2e%2e/private/{PRIVATE}",
    f"/media/../private/{PRIVATE}",
    f"/media/%2e%2e/private/{PRIVATE}",
    f"/media/{PICTURE}/../../private/{PRIVATE}",
    f"/../private/{PRIVATE}",
    f"/static/../../data/private/{PRIVATE}",
    f"/static../private/{PRIVATE}",
)


@pytest.fixture(scope="module")
def data(fleet: Fleet) -> Path:
    """Return the fleet's `DATA_DIR`, with a file of each kind as the site would write it."""
    folder = fleet.folder / "data"
    before = os.umask(UMASK)
    try:
        for path, text in {
            f"static/{STATIC}": "p { color: red }",
            f"media/{PICTURE}": "A picture.",
            f"private/{PRIVATE}": SECRET,
        }.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text)
    finally:
        os.umask(before)
    return folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_member_of_the_group_reads_static_files_and_media_alone(data: Path) -> None:
    def tried(*command: str | Path, groups: tuple[int, ...] = (data.stat().st_gid,)) -> bool:
        done = subprocess.run(
            command, user="nobody", group="nogroup", extra_groups=groups, capture_output=True
        )
        return done.returncode == 0

    for path in (f"static/{STATIC}", f"media/{PICTURE}"):
        assert tried("cat", data / path), path
        assert tried("ls", (data / path).parent), path
        assert not tried("cat", data / path, groups=()), path
    hashed = next((data / "static/css").glob("site.*.css"))
    assert tried("cat", hashed), "collectstatic writes files that the group cannot read"
    for private in (data / "private").iterdir():
        assert not tried("cat", private), private
    assert not tried("ls", data / "private")
    assert not tried("touch", data / "private/more")
    assert not tried("touch", data / "static/more")


def test_no_spelling_of_the_folder_leads_into_it(fleet: Fleet, data: Path) -> None:
    visitor = Visitor(fleet)
    # nginx does serve files from beside it, and takes such addresses apart.
    for path in (f"/static/{STATIC}", f"/static/../static/{STATIC}"):
        assert visitor.get(path).text == (data / f"static/{STATIC}").read_text(), path
    for path in SPELLINGS:
        answer = visitor.get(path)
        assert answer.status in {400, 404}, (path, answer.status)
        assert SECRET not in answer.text, path


def test_nginx_serves_pictures_as_nothing_but_pictures(fleet: Fleet, data: Path) -> None:
    visitor = Visitor(fleet)
    answer = visitor.get(f"/media/{PICTURE}")
    assert (answer.status, answer.text) == (200, "A picture.")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["content-type"] == "image/png"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert not {"vary", "set-cookie"} & headers.keys()
    for other in (PICTURE.replace("0", "1"), "x.png", PICTURE.replace("png", "svg")):
        assert visitor.get(f"/media/{other}").status == 404, other
