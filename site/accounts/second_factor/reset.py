"""Take the second factor from an account whose owner has lost it."""

import logging

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from core.db.transactions import retried

from ..models import User
from ..sessions import SessionStore

logger = logging.getLogger(__name__)


@retried
def reset(person: User) -> int:
    """Delete every factor and recovery code of `person` and end their sessions.

    Returns how many factors there were. The log names the account.
    """
    factors = Authenticator.objects.filter(user=person)
    count: int = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    factors.delete()
    ended = _end_sessions(person)
    logger.warning(
        "The second factor of %s was reset: %d factors, %d sessions ended.",
        person.handle,
        count,
        ended,
    )
    return count


def _end_sessions(person: User) -> int:
    """Delete the sessions of `person`; reads all, because a session hides whose it is."""
    store, owner = SessionStore(), str(person.pk)
    keys = [
        session.pk
        for session in Session.objects.iterator()
        if store.decode(session.session_data).get(SESSION_KEY) == owner
    ]
    return Session.objects.filter(pk__in=keys).delete()[0]
