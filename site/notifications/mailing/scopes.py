"""Name what a link in a mail ends or changes, and sign it, so that it works without an account.

A scope is one word: `group:replies` is a group of kinds, `group:minds+replies` are two,
`kind:reply` is a kind, `kind:mention+reply` are two, `post:12` is one article, `follow:7` the
subscription 7 of an address, `follow:7+9` are two.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from core.numbers import number

from ..kinds import Group, NotificationKind, groups, registered

_SALT = "notifications.mailing.scopes"
GROUP, KIND, FOLLOW = "group", "kind", "follow"
_AND = "+"


class MailLink(NamedTuple):
    """What a link in a mail is about: the scope, of the person with this id (0 for an address)."""

    person: int
    scope: str


def of_groups(together: Iterable[Group]) -> str:
    """Return the scope of one or more groups of kinds."""
    return f"{GROUP}:{_AND.join(sorted({group.name for group in together}))}"


def of_kinds(together: Iterable[NotificationKind]) -> str:
    """Return the scope of one or more kinds."""
    return f"{KIND}:{_AND.join(sorted({kind.name for kind in together}))}"


def of_target(target: str, target_id: int) -> str:
    """Return the scope of one target, such as an article."""
    return f"{target}:{target_id}"


def of_subscription(*together: int) -> str:
    """Return the scope of one or more subscriptions of an address, by id."""
    return f"{FOLLOW}:{_AND.join(map(str, sorted(set(together))))}"


def parts_of(scope: str) -> tuple[str, str]:
    """Return what kind of scope it is, and which."""
    kind, _colon, name = scope.partition(":")
    return kind, name


def groups_of(scope: str) -> list[Group]:
    """Return the groups of kinds of a scope, none for any other."""
    kind, names = parts_of(scope)
    return [group for group in groups() if kind == GROUP and group.name in names.split(_AND)]


def kinds_of(scope: str) -> list[NotificationKind]:
    """Return the kinds of a scope, none for any other."""
    which, names = parts_of(scope)
    return [kind for kind in registered() if which == KIND and kind.name in names.split(_AND)]


def subscriptions_of(scope: str) -> list[int]:
    """Return the ids of the subscriptions of a scope, none for any other."""
    kind, names = parts_of(scope)
    found = (number(name) for name in names.split(_AND) if kind == FOLLOW)
    return [pk for pk in found if pk is not None]


def address_of(link: MailLink) -> str:
    """Return the whole address at which `link` is opened; it works as long as the signing key."""
    return f"{settings.SITE_URL}{reverse('notifications:mail-stop', args=[token_of(link)])}"


def token_of(link: MailLink) -> str:
    """Return what stands for `link` in an address."""
    return signing.Signer(salt=_SALT).sign_object(list(link))


def link_of(token: str) -> MailLink | None:
    """Return the link that `token` stands for; None for one that this site has not signed."""
    try:
        person, scope = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return MailLink(int(person), str(scope))
