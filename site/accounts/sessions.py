"""Store sessions in the database: read by prepared SQL, saved under the write lock."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.db.prepared import Prepared, PreparedUpdate
from core.db.transactions import write_lock

# Rows deleted in one statement, so that the lock is short; the worker deletes more each minute.
CLEARED_AT_ONCE = 1000


class SessionStore(DatabaseStore):
    """Django's database sessions, with prepared SQL: every signed-in request reads one."""

    def save(self, must_create: bool = False) -> None:
        """Save the session under the write lock; raises UpdateError if its row is gone."""
        with write_lock():
            if must_create or self.session_key is None:
                super().save(must_create)
            elif not self._update(self.create_model_instance(dict(self.items()))):
                raise UpdateError

    def _update(self, session: Any) -> int:
        return _UPDATE.run(
            key=session.session_key, data=session.session_data, until=session.expire_date
        )

    def _get_session_from_db(self) -> Any:
        found = _SESSION.objects(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None


def clear_expired() -> int:
    """Delete up to `CLEARED_AT_ONCE` sessions that have ended; return how many."""
    with write_lock():
        ended = Session.objects.filter(expire_date__lt=timezone.now())
        keys = list(ended.values_list("session_key", flat=True)[:CLEARED_AT_ONCE])
        return Session.objects.filter(session_key__in=keys).delete()[0]


_SESSION = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).order_by(),
    key=str,
    now=datetime,
)
_UPDATE = PreparedUpdate(
    lambda key, data, until: (
        Session.objects.filter(session_key=key),
        {"session_data": data, "expire_date": until},
    ),
    key=str,
    data=str,
    until=datetime,
)
