"""Sessions in the database: read by SQL that is written once, saved in turn with other writers."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.prepared import Prepared
from core.transactions import turn


class SessionStore(DatabaseStore):
    """Django's own; asked at every signed-in request, and saved with every message to somebody."""

    def save(self, must_create: bool = False) -> None:
        """Save the session, after those who came before."""
        with turn():
            super().save(must_create)

    def _get_session_from_db(self) -> Any:
        found = _SESSION.objects(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None


_SESSION = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).order_by(),
    key=str,
    now=datetime,
)
