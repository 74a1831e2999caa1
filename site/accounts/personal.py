"""Declare whose words the tables of accounts, sessions and Django's own apps hold."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet

from core import personal
from core.personal import Erasure, Holding, Rows, rows, stays

from . import handles
from .middleware import SEEN, STARTED
from .models import KeptForm, User
from .sessions import SessionStore

# Keys under which Django and allauth store the id of an account in a session, signed in or midway.
_ACCOUNT_KEYS = frozenset({"_auth_user_id", "user_pk", "user_id"})
_BATCH = 500


def _erase_account(erasure: Erasure) -> None:
    """Delete the person's sessions on all devices, and anonymise the account."""
    handles.reserve(erasure.person)
    keys = [key for key, _data, _until in _sessions_of(erasure.person)]
    Session.objects.filter(session_key__in=keys).delete()
    erasure.person.snapshots.all().delete()
    erasure.person.authenticator_set.all().delete()
    erasure.person.erase()


def _sessions_of(person: User) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield key, content and end of each session that names the account or one of its addresses.

    Sessions have no column for that, and those midway through signing in are of nobody yet.
    """
    names = {str(person.pk)}
    addresses = _pattern(addresses_of(person))
    found = Session.objects.values_list("session_key", "session_data", "expire_date")
    for key, data, until in found.iterator(chunk_size=_BATCH):
        content = SessionStore().decode(data)
        if _mentions(content, names, addresses):
            yield key, content, until


def _pattern(addresses: set[str]) -> re.Pattern[str]:
    """Return the pattern of any of `addresses`, but not as the end or beginning of another."""
    either = "|".join(map(re.escape, addresses)) or "(?!)"
    return re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)


def _mentions(content: Any, ids: set[str], addresses: re.Pattern[str], key: str = "") -> bool:
    """Return whether a value of a session is the id of an account, or has one of `addresses`."""
    if isinstance(content, dict):
        return any(_mentions(value, ids, addresses, name) for name, value in content.items())
    if isinstance(content, list | tuple):
        return any(_mentions(value, ids, addresses, key) for value in content)
    if key in _ACCOUNT_KEYS:
        return str(content) in ids
    return isinstance(content, str) and addresses.search(content) is not None


def addresses_of(person: User) -> set[str]:
    """Return the e-mail addresses of `person`."""
    stored = person.emailaddress_set.values_list("email", flat=True)  # type: ignore[attr-defined]
    return {address for address in (person.email, *stored) if address}


def _forget_kept_forms(erasure: Erasure) -> None:
    _kept_for(erasure.person).delete()


def _kept_for(person: User) -> QuerySet[KeptForm]:
    """Return the forms that wait for `person`, those that they signed up to send too."""
    return KeptForm.objects.filter(Q(person=person) | Q(signing_up=person))


def _kept_forms(person: User) -> Rows:
    return rows(_kept_for(person), "path", "parent", "typed", "kept_at", "thrown_away_at")


def _account(person: User) -> dict[str, Any]:
    return {
        "handle": person.handle,
        "name": person.name,
        "name_hidden_at": person.name_hidden_at,
        "about": person.about,
        "email": person.email,
        "email_addresses": rows(
            person.emailaddress_set.all(),  # type: ignore[attr-defined]
            "email",
            "verified",
            "primary",
        ),
        "former_handles": rows(person.former_handles.all(), "handle", "released_at"),
        "roles": sorted(person.roles | person.waiting_roles),
        "admission": person.admission,
        "joined_at": person.joined_at,
        "last_login": person.last_login,
        "suspended_until": person.suspended_until,
        "banned_at": person.banned_at,
        "nudge_dismissed_at": person.nudge_dismissed_at,
        "time_zone": person.time_zone,
    }


def _sessions(person: User) -> Rows:
    """Return begin, last visit and end of each session, without what would open one."""
    return [
        {"started_at": content.get(STARTED), "seen_at": content.get(SEEN), "ends_at": until}
        for _key, content, until in _sessions_of(person)
    ]


def _second_factors(person: User) -> Rows:
    """Return kind, name and times of each factor, without what would open the account."""
    factors = person.authenticator_set.annotate(name=F("data__name"))  # type: ignore[attr-defined]
    return rows(factors, "type", "name", "created_at", "last_used_at")


def _snapshots(person: User) -> Rows:
    return rows(person.snapshots.all(), "email", "addresses__email", "as_of", "created_at")


def _suspensions(person: User) -> Rows:
    return rows(person.suspensions.all(), "reason", "started_at", "ends_at", "lifted_at")


personal.declare(
    "accounts",
    Holding(
        name="account",
        model="accounts.User",
        words=("handle", "name", "about", "email"),
        copies=("handle_skeleton", "name_look", "password"),
        erase=_erase_account,
        download=_account,
        last=True,
    ),
    # Both are listed with the account.
    Holding(
        name="email_addresses",
        model="account.EmailAddress",
        words=("email",),
        erase=_erase_account,
        download=None,
        last=True,
    ),
    Holding(
        name="former_handles",
        model="accounts.FormerHandle",
        words=("handle",),
        copies=("handle_skeleton",),
        erase=_erase_account,
        download=None,
        last=True,
    ),
    Holding(
        name="sessions",
        model="sessions.Session",
        copies=("session_data",),
        erase=_erase_account,
        download=_sessions,
        last=True,
    ),
    # Secrets of factors, and the names that the person gave them.
    Holding(
        name="second_factors",
        model="mfa.Authenticator",
        words=("data",),
        erase=_erase_account,
        download=_second_factors,
        last=True,
    ),
    # What the account was before a change of addresses or password, for three days.
    Holding(
        name="snapshots",
        model="accounts.AccountSnapshot",
        copies=("email", "password"),
        erase=_erase_account,
        download=_snapshots,
        last=True,
    ),
    Holding(
        name="snapshot_addresses",
        model="accounts.SnapshotAddress",
        copies=("email",),
        erase=_erase_account,
        download=None,
        last=True,
    ),
    Holding(
        name="snapshot_factors",
        model="accounts.SnapshotFactor",
        copies=("data",),
        erase=_erase_account,
        download=None,
        last=True,
    ),
    # Drafts too. Those of nobody known are deleted after a day.
    Holding(
        name="kept_forms",
        model="accounts.KeptForm",
        words=("path", "typed"),
        erase=_forget_kept_forms,
        download=_kept_forms,
    ),
    Holding(name="suspensions", model="accounts.Suspension", erase=stays, download=_suspensions),
)
personal.nobodys(
    "a code, one of a few words",
    accounts__User="admission time_zone",
    accounts__RoleGrant="role",
    accounts__Suspension="reason",
    accounts__SnapshotFactor="type",
    mfa__Authenticator="type",
)
personal.nobodys(
    "a keyed hash",
    accounts__ReservedHandle="digest",
    accounts__PasswordAttempt="key address_key",
    accounts__SignUp="address_key",
)
personal.nobodys(
    "what an admin calls a link, as the publication's own words",
    accounts__Invitation="label",
)
personal.nobodys("the id of a comment", accounts__KeptForm="parent")
personal.nobodys("the hash of what was drawn at random", accounts__Invitation="digest")
personal.nobodys(
    "drawn at random", account__EmailConfirmation="key", sessions__Session="session_key"
)
personal.nobodys(
    "names of models and permissions, from the code",
    auth__Permission="name codename",
    auth__Group="name",
    contenttypes__ContentType="app_label model",
)
personal.nobodys_table("cache", "no words: IP addresses, hashes of e-mail addresses, times, ids")
personal.nobodys_table("django_migrations", "names of migrations, from the code")
personal.nobodys_table("sqlite_sequence", "names of tables with their last ids")
