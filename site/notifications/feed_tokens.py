"""Make, find and revoke the token in the address of a person's private feed.

It is shown once and stored as a hash, so that neither a copy of the database nor the log opens a
feed. A token is looked up by its hash: how long that takes tells nothing of the token.
"""

import re
from hashlib import sha256
from secrets import token_urlsafe

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from core.db.transactions import retried

from .models import FeedToken

# Bytes of a token, drawn at random: nobody guesses 256 bits.
TOKEN_BYTES = 32
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


@retried
def make(person: User) -> str:
    """Make the token of `person` in place of an earlier one; return it, to be shown once."""
    token = token_urlsafe(TOKEN_BYTES)
    FeedToken.objects.update_or_create(
        user=person,
        defaults={
            "digest": _digest(token),
            "created_at": timezone.now(),
            "sessions_ended": person.sessions_ended,
        },
    )
    return token


@retried
def revoke(person: User) -> bool:
    """Let no address open the feed of `person` any more; return whether one did."""
    return bool(FeedToken.objects.filter(user=person).delete()[0])


def of(person: User) -> FeedToken | None:
    """Return the token of `person` that opens their feed, or None."""
    return _valid().filter(user=person).first()


def person_with(token: str) -> User | None:
    """Return the person whose feed `token` opens; None for no or another token, or no account."""
    if not _TOKEN.fullmatch(token):
        return None
    people = User.objects.filter(is_active=True, erased_at=None, banned_at=None)
    found = _valid().filter(digest=_digest(token), user__in=people).select_related("user").first()
    return found.user if found else None


def _valid() -> QuerySet[FeedToken]:
    return FeedToken.objects.filter(sessions_ended=F("user__sessions_ended"))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
