"""Decide which display names are allowed.

A name may not look like a reserved word, nor like the name or the handle of an author or of staff.
The name of an author or of staff may not look like the name or the handle of anybody. Two readers
may have the same name: their handles tell them apart.
"""

import re
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db.transactions import write_lock
from core.text import look
from publication import current

from ..models import FormerHandle, RoleGrant, User
from ..querysets import UserQuerySet
from .locking import lock as lock
from .reserved import RESERVED, ROLE_WORDS

_RESERVED_LOOKS = frozenset(map(look, RESERVED))
_ROLE_LOOKS = frozenset(map(look, ROLE_WORDS))
_WORD = re.compile(r"[^\W_]+")


def check(name: str, *, of: User | None = None) -> None:
    """Raise ValidationError if `name` is not allowed as the display name of the account `of`."""
    if is_reserved(name):
        raise ValidationError(
            _("This name is kept for the site itself. Please choose another, or leave it out."),
            "reserved",
        )
    if any(is_taken(key, of) for key in looks(name)):
        raise ValidationError(
            _(
                "An author or a moderator is called that, or looks as if; or you are one yourself "
                "and somebody else is called that. Please choose another name, or leave it out."
            ),
            "taken",
        )


def is_reserved(name: str) -> bool:
    """Return whether `name` looks like a reserved word or the site's name, or claims a role."""
    words = map(look, [*name.split(), *_WORD.findall(name)])
    reserved = _RESERVED_LOOKS | ({look(current.current().name)} - {""})
    return not (reserved.isdisjoint(looks(name)) and _ROLE_LOOKS.isdisjoint(words))


def looks(name: str) -> set[str]:
    """Return the look-alike keys of `name`: in it @ and ! may be letters, or signs."""
    return {look(name), look("".join(_WORD.findall(name)))}


def is_taken(key: str, of: User | None) -> bool:
    """Return whether a name with the look `key` would pass for somebody other than `of`."""
    has_role = of is not None and of.role_grants.exists()
    own = of.pk if of else 0
    people = User.objects.public() if has_role else role_holders()
    people = people.exclude(pk=own)
    called = Q(handle_skeleton=key) | Q(name_look=key, name_hidden_at__isnull=True)
    former = FormerHandle.objects.filter(
        handle_skeleton=key, released_at__gt=timezone.now(), user__in=role_holders()
    )
    return bool(key) and (people.filter(called).exists() or former.exclude(user=own).exists())


def is_name_of_somebody(key: str, of: User | None) -> bool:
    """Return whether a handle with the key `key` would pass for the name of somebody else.

    For the handle of an author or of staff all names count, else only those of authors and staff.
    """
    has_role = of is not None and of.role_grants.exists()
    people = User.objects.public() if has_role else role_holders()
    people = people.filter(name_look=key, name_hidden_at__isnull=True)
    return people.exclude(pk=of.pk if of else 0).exists()


def role_holders() -> UserQuerySet:
    """Return the people with a role, suspended ones included."""
    return User.objects.filter(Exists(RoleGrant.objects.filter(user=OuterRef("pk"))))


def locked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run the view, when a form is sent, in one transaction that holds the lock.

    For allauth's views, which look whether an address is free and then take it.
    """

    @wraps(view)
    def locked_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with write_lock(), transaction.atomic():
            lock()
            return view(request, *args, **kwargs)

    return locked_view
