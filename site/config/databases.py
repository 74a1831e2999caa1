"""How the site connects to SQLite and to PostgreSQL."""

from typing import Any

_SQLITE_OPTIONS = {
    # A transaction takes the write lock at its start, so that it waits instead of failing halfway.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds that a writer waits for another
    # WAL lets readers read during a write; FULL makes every commit survive a power failure. Each
    # connection's cache is 512 kB, as much as a page and a reply read: a write discards it in any
    # case. The file is not memory-mapped: that would save a tenth of a page's time, but each
    # process would grow by all it has read. Deleted words are overwritten with zeros, so that no
    # file keeps them.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-512; PRAGMA secure_delete=ON;",
}
# After these PostgreSQL cancels a query, so that no reader waits longer for a page.
_POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=15s -c lock_timeout=10s",
}
# Seconds. Opening a connection takes longer than most queries.
_KEPT_OPEN = 60


def on_sqlite(given: dict[str, Any]) -> dict[str, Any]:
    """Return Django's settings of an SQLite database; `given` are those of its URL."""
    return given | {"OPTIONS": _SQLITE_OPTIONS, "CONN_MAX_AGE": _KEPT_OPEN}


def on_postgresql(given: dict[str, Any], *, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings of a PostgreSQL database; `given` are those of its URL.

    `pooled` is for a connection that a pooler lends for one transaction at a time.
    """
    options = {**_POSTGRES_OPTIONS, "prepare_threshold": None, **given.get("OPTIONS", {})}
    if pooled:
        del options["options"]
    return given | {
        "OPTIONS": options,
        "CONN_MAX_AGE": _KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }
