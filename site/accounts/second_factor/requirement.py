"""Decide which roles of a signed-in person are in effect: staff need a second factor.

They have `GRACE` from the grant of the role to add one. Afterwards the role waits, and they are a
reader everywhere, until they have.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ..models import Role, RoleGrant, User

STAFF = frozenset({Role.MODERATOR, Role.ADMIN})
# A week, so that nobody is kept from the work of today, and a holiday weekend fits in.
GRACE = timedelta(days=7)
# Recovery codes are no factor: they stand in for a lost one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def with_factors(grants: QuerySet[RoleGrant]) -> QuerySet[Any]:
    """Return `grants`, each with `has_factor`: whether its person has a second factor."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    return grants.annotate(has_factor=Exists(factors))


def apply(person: User, grants: Iterable[Any], now: datetime | None = None) -> None:
    """Set the roles of `person` that are in effect, those that wait, and until when staff may.

    `grants` come from `with_factors`. Demonstration accounts are exempt.
    """
    now, grants = now or timezone.now(), list(grants)
    person.roles = frozenset(grant.role for grant in grants)
    if person.is_demo or not settings.REQUIRE_STAFF_MFA:
        return
    lacking = [grant for grant in grants if grant.role in STAFF and not grant.has_factor]
    if not lacking:
        return
    ends = {grant.role: grant.grace_from + GRACE for grant in lacking}
    person.second_factor_due = min(ends.values())
    person.waiting_roles = frozenset(role for role, end in ends.items() if end <= now)
    person.roles -= person.waiting_roles
