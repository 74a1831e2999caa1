"""Decide which display names are allowed.

A name may not look like a reserved word, nor like the name or the handle of an author or of staff.
The name of an author or of staff may not look like the name or the handle of anybody. Two readers
may have the same name, as people do: the addresses of their profiles, and the @handle there and on
the page of a comment, tell them apart. But a name that is written as handles are may look like
nobody's handle, nor may a handle look like it: those without a name are called by their handle.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.characters import is_visible
from core.db.transactions import write_lock
from core.text import look
from publication import current

from ..models import FormerHandle, RoleGrant, User
from ..querysets import UserQuerySet
from .claims import beside_role, claims_role, without_signs
from .locking import lock as lock
from .reserved import RESERVED

_RESERVED_LOOKS = frozenset(map(look, RESERVED))


def check(name: str, *, of: User | None = None) -> None:
    """Raise ValidationError if `name` is not allowed as the display name of the account `of`."""
    if not any(map(is_visible, name)):
        raise ValidationError(_("Nobody could see this name. Please type another."), "invisible")
    if is_reserved(name):
        raise ValidationError(
            _("This name is reserved for the site and its staff. Please choose another."),
            "reserved",
        )
    if any(is_taken(key, of) for key in looks(name)):
        raise ValidationError(
            _(
                "This name is too close to somebody else’s, and readers could mistake one of "
                "you for an author or moderator. Please choose another name, or leave it "
                "empty."
            ),
            "taken",
        )
    if is_handle_of_another(name, of):
        raise ValidationError(
            _(
                "This name is somebody else’s handle. Please begin it with a capital letter, "
                "or choose another name."
            ),
            "taken",
        )


def is_handle_of_another(name: str, of: User | None) -> bool:
    """Return whether `name` is written as a handle, and looks like that of somebody but `of`."""
    keys = looks(name) - {""} if _is_written_as_handle(name) else set()
    others = User.objects.public().exclude(pk=of.pk if of else 0)
    return bool(keys) and others.filter(handle_skeleton__in=keys).exists()


def _is_written_as_handle(name: str) -> bool:
    """Return whether `name` is one word without a capital letter; signs are no words."""
    words = [word for word in name.split() if any(letter.isalnum() for letter in word)]
    return name == name.lower() and len(words) == 1


def is_reserved(name: str) -> bool:
    """Return whether a name or handle looks like a reserved one, or claims a role."""
    reserved = _RESERVED_LOOKS | ({look(current.current().name)} - {""})
    return not reserved.isdisjoint(looks(name)) or claims_role(name)


def looks(name: str) -> set[str]:
    """Return the look-alike keys of `name`: in it @ and ! may be letters, or signs.

    A role before or after it does not count: "adminjune" looks like June.
    """
    keys = {look(name), look(without_signs(name))}
    return keys.union(*map(beside_role, keys))


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

    For the handle of an author or of staff all names count, else those of authors and staff, and
    those that are written as handles are.
    """
    own = of.pk if of else 0
    has_role = of is not None and of.role_grants.exists()
    people = User.objects.public() if has_role else role_holders()
    shown = Q(name_hidden_at__isnull=True) & ~Q(pk=own)
    if people.filter(shown, name_look=key).exists():
        return True
    alike = User.objects.public().filter(shown, name_look__in={key, look(f"@{key}")})
    names = alike.values_list("name", flat=True)
    return any(_is_written_as_handle(name) and key in looks(name) for name in names)


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
