"""The production server: several workers with a few threads each, behind a proxy.

Started from the repository's folder as `gunicorn --config deploy/gunicorn.conf.py`; see
deploy/README.md for the whole set-up. Read by gunicorn, which wants plain names in lower case.
"""

import gc
import os
from importlib import import_module
from pathlib import Path
from typing import Any

chdir = str(Path(__file__).resolve().parent.parent)
pythonpath = f"{chdir}/site"
wsgi_app = "config.wsgi:application"

# The proxy is on this machine; nobody else reaches the application past it.
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT') or '8000'}")

# Threads let a worker go on while one reader's disk, database or network is slow. On SQLite they
# take turns (core.db.sqlite_serial), so a second one is enough; each has a connection with its own
# memory.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = int(
    os.environ.get("WEB_THREADS")
    or (4 if os.environ.get("DATABASE_URL", "").startswith("postgres") else 2)
)

# Loaded once before the workers part: a mistake in the settings stops the start with one
# sentence instead of a worker dying over and over, and the workers share memory.
preload_app = True

# Heartbeats are written here; on a busy disk they would make a healthy worker look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def when_ready(_server: Any) -> None:
    """Load what the first request would, and keep the collector off it: so it stays shared.

    Python's documentation of `gc.freeze` says why: a collection writes to every object it visits,
    and each worker would get a copy of its own.
    """
    from django.conf import settings

    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()


timeout = 30  # seconds until a worker that no longer answers is replaced
graceful_timeout = 20  # seconds a stopping worker may finish what it has begun
keepalive = 5  # seconds; longer than the proxy waits between two requests in a row
# Then a fresh worker, so that a leak never adds up. It has to draw every article once more, which
# readers would feel if it came every few minutes.
max_requests = 200_000
max_requests_jitter = 20_000

# State lives under DATA_DIR alone; gunicorn's own control socket would go to the home folder.
control_socket_disable = True

accesslog = os.environ.get("ACCESS_LOG") or None  # "-" prints one line for each request
