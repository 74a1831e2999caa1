"""The part of the settled rule that is about accounts, as conditions of queries.

An account counts with a verified address, three days after it was made or while it has a published
comment that all can read: one deleted or removed settles nobody.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from ..models import Comment
from . import constants


def is_verified(account: str = "pk", is_demo: str = "is_demo") -> Q:
    """Return the condition for accounts with a verified address, and those of the demonstration."""
    addresses = EmailAddress.objects.filter(user=OuterRef(account), verified=True)
    return Q(Exists(addresses)) | Q(**{is_demo: True})


def published(account: Any) -> "QuerySet[Comment]":
    """Return the comments of an account that are published, and neither deleted nor removed."""
    return Comment.objects.readable().filter(author=account, published_at__isnull=False)


def readers_count(now: datetime) -> Q:
    """Return the condition for acts whose `reader` has an account that counts at `now`."""
    old_enough = Q(reader__joined_at__lte=now - timedelta(seconds=constants.ACCOUNT_AGE))
    has_published = Q(Exists(published(OuterRef("reader"))))
    return is_verified("reader", "reader__is_demo") & (old_enough | has_published)
