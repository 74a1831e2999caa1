"""Test a real site with `DEBUG` off: the settings it refuses, and the README's first steps."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.site import serving
from tests.made_once import demonstration, put_migrated_sqlite, real_environment
from tests.services import ROOT

ARTICLE = """# A quiet week

Nothing happened, and everybody noticed.

Is a quiet week a good week?
"""


# Runs each line as a management command in a process of its own, which has nothing of the site in
# it and need not import Python's and Django's own parts again.
_STARTER = """
import json, os, runpy, sys
import django.core.management, django.core.management.commands.check, environs
for line in sys.stdin:
    environment, arguments, files = json.loads(line)
    pid = os.fork()
    if not pid:
        os.environ.clear()
        os.environ.update(environment)
        for stream, name in enumerate(files, start=1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600), stream)
        sys.argv = ["manage.py", *arguments]
        runpy.run_path("manage.py", run_name="__main__")
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
Refused = subprocess.CompletedProcess[str]
Check = Callable[[dict[str, str]], Refused]


@pytest.fixture(scope="module")
def starter() -> Iterator[subprocess.Popen[str]]:
    """Yield the process that runs `_STARTER`."""
    with subprocess.Popen(
        [sys.executable, "-c", _STARTER], cwd=ROOT, env={"PATH": os.environ["PATH"]}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as running:  # fmt: skip
        yield running


@pytest.fixture
def check(starter: subprocess.Popen[str], tmp_path: Path) -> Check:
    """Return a function that runs `manage.py check` in an environment and nothing else."""

    def run(environment: dict[str, str]) -> Refused:
        files = [tmp_path / "stdout", tmp_path / "stderr"]
        assert starter.stdin
        assert starter.stdout
        starter.stdin.write(json.dumps([environment, ["check"], list(map(str, files))]) + "\n")
        starter.stdin.flush()
        code = int(starter.stdout.readline())
        return subprocess.CompletedProcess(["check"], code, *(path.read_text() for path in files))

    return run


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a management command in `environment` and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_it_does_not_start_without(name: str, tmp_path: Path, check: Check) -> None:
    """Refuse to start with a sentence that names the missing variable."""
    environment = real_environment(tmp_path, "https://example.org")
    del environment[name]
    done = check(environment)
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith(f"Counterpoint cannot start: {name} is missing.")
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
@pytest.mark.parametrize(
    "key",
    [
        "short-0123456789-abcdefghijklmnopqrstuvwxyz-12345",
        "abab" * 20,
        "django-insecure-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
        "development-only-key-never-for-a-public-site",
        "development-only-key-never-for-a-public-site-0123456789",
    ],
)
def test_it_does_not_start_with_a_key_to_guess(
    name: str, key: str, tmp_path: Path, check: Check
) -> None:
    environment = {**real_environment(tmp_path, "https://example.org"), name: key}
    done = check(environment)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Counterpoint cannot start: {name} can be guessed.")


@pytest.mark.parametrize("server", ["config.wsgi", "config.asgi"])
def test_a_server_does_not_start_without_static_files(server: str, tmp_path: Path) -> None:
    environment = {**real_environment(tmp_path), "PYTHONPATH": f"{ROOT / 'site'}"}
    done = subprocess.run(
        [sys.executable, "-c", f"import {server}"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Counterpoint cannot start: the static files are not collected")
    assert manage(environment, "check").returncode == 0


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("DEBUG", "maybe"),
        ("PORT", "http"),
        ("SITE_URL", "example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "mysql://localhost/site"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_POOLER", "pgbouncer"),
        ("DATABASE_REPLICA_URL", "nonsense"),
        ("DATABASE_REPLICA_URL", "postgres://localhost/site"),  # of SQLite there is no replica
        ("REDIS_URL", "localhost:6379"),
        ("EMAIL_URL", "somewhere"),
        ("EMAIL_URL", "file:///var/mail"),
        ("EMAIL_URL", "submission:"),
        ("EMAIL_URL", "smtp://localhost:mail"),
        ("EMAIL_URL", "smtp://[localhost"),
        ("SECURITY_CONTACT", "security@example.org"),
        ("COMMENT_MAX", "many"),
        ("RATE_READER", "often"),
    ],
)
def test_nonsense_stops_the_start_with_a_sentence(
    name: str, nonsense: str, tmp_path: Path, check: Check
) -> None:
    """Name the variable with the wrong value, without a traceback."""
    done = check(real_environment(tmp_path, "https://example.org") | {name: nonsense})
    assert done.returncode == 1
    assert f"Counterpoint cannot start: {name} " in done.stderr
    assert "Traceback" not in done.stderr


WEBHOOKS = {
    "EMAIL_PROVIDER": "mailgun",
    "EMAIL_WEBHOOK_SECRET": "mail:not-to-be-guessed-0123456789-abcdefghij",
    "EMAIL_SIGNING_KEY": "key-0123456789",
}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"EMAIL_PROVIDER": "sendgrid"}, "EMAIL_PROVIDER must be one of brevo, mailgun, "),
        ({"EMAIL_WEBHOOK_SECRET": ""}, "EMAIL_WEBHOOK_SECRET must be a name and a password"),
        ({"EMAIL_WEBHOOK_SECRET": "mail:short"}, "EMAIL_WEBHOOK_SECRET must be"),
        ({"EMAIL_WEBHOOK_SECRET": "x" * 50}, "EMAIL_WEBHOOK_SECRET must be"),
        ({"EMAIL_WEBHOOK_SECRET": "mail:" + "ab" * 20}, "EMAIL_WEBHOOK_SECRET must be"),
        ({"EMAIL_WEBHOOK_SECRET": "mail:" + "pass/word" * 5}, "EMAIL_WEBHOOK_SECRET must be"),
        ({"EMAIL_SIGNING_KEY": ""}, "EMAIL_SIGNING_KEY must be the key with which Mailgun signs"),
        ({"EMAIL_SIGNING_KEY": "ключ"}, "EMAIL_SIGNING_KEY must be the key"),
        ({"EMAIL_PROVIDER": "postmark"}, "EMAIL_SIGNING_KEY must be empty: Postmark signs no"),
    ],
)
def test_webhooks_do_not_start_without_what_checks_them(
    given: dict[str, str], named: str, tmp_path: Path, check: Check
) -> None:
    done = check(real_environment(tmp_path, "https://example.org") | WEBHOOKS | given)
    assert done.returncode == 1
    assert f"Counterpoint cannot start: {named}" in done.stderr
    assert "Traceback" not in done.stderr


def test_webhooks_do_not_start_without_the_package_for_them(tmp_path: Path) -> None:
    script = (
        "import sys; from importlib import util; find = util.find_spec;"
        "util.find_spec = lambda name, *rest: None if name == 'anymail' else find(name, *rest);"
        "import config.settings"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, capture_output=True, text=True,
        env=real_environment(tmp_path) | WEBHOOKS | {"PYTHONPATH": f"{ROOT / 'site'}"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Counterpoint cannot start: EMAIL_PROVIDER needs django-anymail: " in done.stderr
    assert "requirements-anymail.txt" in done.stderr


def test_webhooks_start_with_all_of_it(tmp_path: Path, check: Check) -> None:
    for given in (WEBHOOKS, {**WEBHOOKS, "EMAIL_PROVIDER": "Brevo", "EMAIL_SIGNING_KEY": ""}):
        done = check(real_environment(tmp_path, "https://example.org") | given)
        assert done.returncode == 0, done.stderr


def test_behind_a_pooler_no_connection_is_to_remember_anything(tmp_path: Path) -> None:
    """Use the role's limits, client-side cursors and unprepared statements."""
    settings = {"DATABASE_URL": "postgres://localhost/site", "DATABASE_POOLER": "1"}
    script = (
        "from django.conf import settings; from django.db import connection;"
        "print(settings.DATABASES['default']['DISABLE_SERVER_SIDE_CURSORS'],"
        "sorted(connection.get_connection_params().items()))"
    )
    done = manage(
        real_environment(tmp_path, "https://example.org") | settings,
        "shell", "--no-imports", "-c", script,
    )  # fmt: skip
    assert done.stdout.startswith("True "), done.stderr
    assert "('prepare_threshold', None)" in done.stdout
    assert "'options'" not in done.stdout


def test_a_real_sites_settings_are_found_clean(tmp_path: Path) -> None:
    """Pass Django's own deployment checks."""
    done = manage(
        real_environment(tmp_path, "https://example.org"),
        "check", "--deploy", "--fail-level", "WARNING",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_demonstration_stays_off_a_real_site(tmp_path: Path) -> None:
    """`seed_demo` refuses with `DEBUG` off."""
    environment = real_environment(tmp_path, "https://example.org")
    put_migrated_sqlite(tmp_path)
    done = manage(environment, "seed_demo")
    assert done.returncode == 1
    assert "DEBUG" in done.stderr


def test_first_steps(tmp_path: Path) -> None:
    """Admin, role and article by the commands of the README; then anyone can read it."""
    state, article = tmp_path / "state", tmp_path / "article.md"
    state.mkdir()
    put_migrated_sqlite(state)  # `make run` is tested on an empty folder
    # By `collectstatic` in the same environment.
    shutil.copytree(demonstration() / "static", state / "static")
    article.write_text(ARTICLE)
    environment = real_environment(state, "http://localhost")
    superuser = ["createsuperuser", "--noinput", "--email=ann@example.org", "--handle=ann"]
    for command in (
        ["migrate", "-v0"],
        ["createcachetable"],
        superuser,
        ["grant", "ann", "author"],
        ["publish", str(article), "--author", "ann", "--publish", "--answers", "Yes; No"],
    ):
        done = manage(environment | {"DJANGO_SUPERUSER_PASSWORD": os.urandom(9).hex()}, *command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    with (
        serving(state, tmp_path / "site") as site,
        urllib.request.urlopen(f"{site.url}/posts/a-quiet-week/") as page,
    ):
        text = page.read().decode()
    assert "Nothing happened, and everybody noticed." in text
    assert "Is a quiet week a good week?" in text
