"""Load the site's own settings from an environment made for tests.

`DATABASE_URL` and `REDIS_URL` are taken as they come, so that the same tests run on SQLite and on
real servers. Everything else is fixed here, and all state goes to a temporary folder.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="counterpoint-tests-"))
(FOLDER / "static").mkdir()
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def _own_redis(url: str) -> str:
    """Return `url` with a database number of its own for each pytest-xdist worker."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{url.rstrip('/')}/{int(worker) + 1}" if url else ""


os.environ |= {
    "DEBUG": "0",
    "SECRET_KEY": "only-for-tests-a-key-that-is-long-enough-0123456789-abcdefghijkl",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "EMAIL_URL": "memory:",
    "DATA_DIR": str(FOLDER),
    "REDIS_URL": _own_redis(os.environ.get("REDIS_URL", "")),
    "HYPOTHESIS_STORAGE_DIRECTORY": str(FOLDER / "hypothesis"),
    # Commands that a test starts in a process of their own get the real settings.
    "DJANGO_SETTINGS_MODULE": "config.settings",
}

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, REDIS_URL, STORAGES  # noqa: E402

# A file and not memory: tests with several connections need the locks of a real site.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
    # The file is temporary; the sites that tests start sync as real ones do.
    OPTIONS = DATABASES["default"]["OPTIONS"]
    OPTIONS["init_command"] = OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")

# A real site goes on without a database or Redis that is slow; a test must not fail for it.
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["OPTIONS"] |= {
        "connect_timeout": 60,
        "options": "-c statement_timeout=120s -c lock_timeout=60s",
    }
if REDIS_URL:
    CACHES["default"]["OPTIONS"] = {"socket_timeout": 60, "socket_connect_timeout": 60}

# Real password hashes are slow on purpose; static files are not collected for tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

# Check cached pages at every request, so that no test has to wait.
PUBLIC_PAGE_CHECK_SECONDS = 0
# The site profile is read when a test asks for it, so that numbers of queries stay the same.
PROFILE_CHECK_SECONDS = float("inf")
