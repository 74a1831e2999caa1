"""Settings of gunicorn: several workers with a few threads each, behind a proxy.

Run `gunicorn --config deploy/gunicorn.conf.py` in the repository's folder; deploy/README.md has the
whole set-up. gunicorn reads the names in lower case.
"""

import gc
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

chdir = str(Path(__file__).resolve().parent.parent)
pythonpath = f"{chdir}/site"
wsgi_app = "config.wsgi:application"

# Reachable from this machine only, where the proxy runs.
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT') or '8000'}")

# Threads let a worker answer others while a disk, the database or the network is slow. On SQLite
# requests are serialised (core.db.sqlite_serial), so two are enough; each takes the memory of a
# connection.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = int(
    os.environ.get("WEB_THREADS")
    or (4 if os.environ.get("DATABASE_URL", "").startswith("postgres") else 2)
)

# Load the application before forking: a mistake in the settings stops the start with one sentence
# instead of a worker that fails again and again, and the workers share memory.
preload_app = True

# Folder of the heartbeat files; on a busy disk a healthy worker would seem to hang.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def when_ready(_server: Any) -> None:
    """Import what the first request would, and freeze it, so that the workers share its memory.

    A garbage collection writes to every object it visits, which would copy its memory page to each
    worker (see Python's `gc.freeze`).
    """
    from django.conf import settings

    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()


timeout = 30  # seconds without an answer after which a worker is replaced
graceful_timeout = 20  # seconds a stopping worker has to finish its requests
keepalive = 5  # seconds; longer than the proxy waits between two requests in a row
# Requests after which a worker is replaced, so that no memory leak grows. A new worker renders
# every article again, which would slow pages down if it happened every few minutes.
max_requests = 200_000
max_requests_jitter = 20_000

# gunicorn would put its control socket into the home folder, but state belongs under DATA_DIR.
control_socket_disable = True

accesslog = os.environ.get("ACCESS_LOG") or None  # "-" prints one line for each request


class logger_class(Logger):  # noqa: N801 (a setting of gunicorn)
    """Writes the access log without the tokens in addresses, such as those of private feeds."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return what a line is made of."""
        from core.logs import without_tokens

        parts = super().atoms(resp, req, environ, request_time)
        return {
            name: without_tokens(value) if isinstance(value, str) else value
            for name, value in parts.items()
        }
