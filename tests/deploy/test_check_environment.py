"""Test that `make setup` finds a wrong variable before it installs anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.check_environment import RULES, fault
from notifications.deliverability.providers import PROVIDERS
from tests.services import ROOT, START_LIMIT

REAL = {"DEBUG": "0", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "example.org"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("SITE_URL", "example.org"),
        ("DATABASE_URL", "mysql://localhost/site"),
        ("REDIS_URL", "localhost:6379"),
        ("TRUSTED_PROXIES", "-1"),
        ("EMAIL_PROVIDER", "pigeon"),
        ("EMAIL_WEBHOOK_SECRET", "mail:short"),
        ("SECRET_KEY", " "),
        ("ALLOWED_HOSTS", ""),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    assert fault({**REAL, name: value}).startswith(f"{name} ")


def test_right_values_pass() -> None:
    assert fault(REAL) == fault({"DEBUG": "1"}) == fault({"DEBUG": "yes"}) == ""


def test_every_provider_is_known_and_needs_a_secret() -> None:
    for name in PROVIDERS:
        given = {**REAL, "EMAIL_PROVIDER": name.title()}
        assert fault(given) == "EMAIL_WEBHOOK_SECRET is missing."
        assert fault({**given, "EMAIL_WEBHOOK_SECRET": f"mail:{'x' * 32}"}) == ""
    assert f"must be one of {', '.join(PROVIDERS)}." in RULES["EMAIL_PROVIDER"]


def test_nothing_is_installed_before_it(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt", "deploy/check_environment.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        ["make", "setup"], cwd=tmp_path, env={"PATH": os.environ["PATH"], "PORT": "http"},
        capture_output=True, text=True, timeout=START_LIMIT,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Counterpoint cannot start: PORT must be a whole number" in done.stderr
    assert not (tmp_path / ".venv").exists()
