"""Empty SQLite's write-ahead log, which keeps words after their rows are overwritten."""

import logging

from django.db import connection

from .transactions import write_lock

# Milliseconds. A reader in the way ends soon, and the next minute tries again; meanwhile no writer
# may wait, which is why it is not SQLite's own `timeout` of the settings.
_WAIT = 200

logger = logging.getLogger(__name__)


def truncate() -> bool:
    """Copy the log into the database and truncate it; return False if a reader is in the way.

    Every worker calls it each minute, so words that were erased leave the files within minutes.
    With nothing in the log it writes nothing. On PostgreSQL, or in a transaction, it does nothing.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor, write_lock():
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (is_busy, _pages, _copied) = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    if is_busy:
        logger.info("SQLite's log is in use, truncating it in a minute")
    return not is_busy
