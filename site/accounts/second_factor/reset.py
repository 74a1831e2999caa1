"""Take the second factor from an account whose owner has lost it."""

import logging

from allauth.mfa.models import Authenticator
from django.db.models import F

from core.db.transactions import retried

from ..models import User

logger = logging.getLogger(__name__)


@retried
def reset(person: User) -> int:
    """Delete every factor and recovery code of `person` and end their sessions.

    Returns how many factors there were. The log names the account.
    """
    factors = Authenticator.objects.filter(user=person)
    count: int = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    factors.delete()
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    logger.warning(
        "The second factor of %s was reset: %d factors, and all sessions ended.",
        person.handle,
        count,
    )
    return count
