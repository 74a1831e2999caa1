"""Test the search in the list of breached passwords."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.passwords import breached
from accounts.passwords.breached import is_listed, why_unusable
from tests.accounts.passwords.lists import hash_of, write_list

LISTED = [f"stolen {number}" for number in range(500)]
MISSING = [f"kept {number}" for number in range(500)]
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("length", [1, 2, 3, 7, 500])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("is_ended", [True, False])
def test_all_that_is_listed_is_found_and_nothing_else(
    tmp_path: Path, length: int, ending: str, is_ended: bool
) -> None:
    listed = LISTED[:length]
    last = ending if is_ended else ""
    path = write_list(tmp_path / "list", listed, ending=ending, last=last)
    assert all(is_listed(password, path) for password in listed)
    assert not any(is_listed(password, path) for password in MISSING)


def test_hashes_in_small_letters_and_without_counts_are_found(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("".join(f"{each.lower()}\n" for each in sorted(map(hash_of, LISTED))))
    assert all(is_listed(password, path) for password in LISTED)


def test_a_count_of_zero_is_padding(tmp_path: Path) -> None:
    path = write_list(tmp_path / "list", LISTED[:9], count=0)
    assert why_unusable(path) == ""
    assert not any(is_listed(password, path) for password in LISTED[:9])


def test_a_beginning_of_a_hash_is_no_match(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(f"{hash_of('a')[:39]}0:7\n")
    assert not is_listed("a", path)


def test_a_list_of_any_length_is_read_in_a_few_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search a sparse file of four gigabytes between two lines."""
    path = tmp_path / "list"
    with path.open("wb") as file:
        file.write(f"{'0' * 40}:1\n".encode())
        file.seek(4 * 1024**3)
        file.write(f"\n{hash_of('last')}:1\n".encode())
    read = 0
    line_from = breached._line_from

    def counted(file: object, place: int) -> bytes:
        nonlocal read
        line = line_from(file, place)  # type: ignore[arg-type]
        read += len(line)
        return line

    monkeypatch.setattr(breached, "_line_from", counted)
    assert is_listed("last", path)
    assert read < 10_000


@pytest.mark.parametrize("content", ["", "hello\n", "password:1\n", f"{'A' * 39}:1\n", "\0" * 500])
def test_what_is_no_list_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list"
    path.write_text(content)
    assert "HASH:COUNT" in why_unusable(path)


def test_what_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        assert "can be read" in why_unusable(path)


def test_nonsense_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    for value in (str(tmp_path), "no-such-file", __file__):
        environment = {**os.environ, "BREACHED_PASSWORDS": value, "PYTHONPATH": "site"}
        done = subprocess.run(
            [sys.executable, "-c", "import config.settings"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("Counterpoint cannot start: BREACHED_PASSWORDS must ")
        assert len(done.stderr.splitlines()) == 1
