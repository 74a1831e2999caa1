"""Check a password in every spelling, and hash it anew where its stored hash is out of date."""

from typing import TYPE_CHECKING

from allauth.core import context
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import verify_password

from .spellings import spellings

if TYPE_CHECKING:
    from ..models import User


def matches(person: "User", password: str) -> bool:
    """Return whether `password` is that of `person`, in its normal form or as typed.

    All spellings are tried, also after one has matched. A hash of another spelling, or by an older
    hasher, is replaced.
    """
    stored = person.password
    results = [verify_password(spelling, stored) for spelling in spellings(password)]
    found = [is_right for is_right, _is_old in results]
    if not any(found):
        return False
    if not found[0] or any(is_old for _is_right, is_old in results):
        return _hash_again(person, password, stored)
    return True


def _hash_again(person: "User", password: str, stored: str) -> bool:
    """Store the hash of the normal form in place of `stored`; return whether that was still there.

    Another password that was set meanwhile stays. Sessions depend on the hash: keep this one.
    """
    person.set_password(password)
    # The password has not changed, so no validator is told of a new one.
    person._password = None  # type: ignore[attr-defined]
    same = type(person)._default_manager.filter(pk=person.pk, password=stored)
    if not same.update(password=person.password):
        return False
    request = context.request
    if request is not None and getattr(request, "user", None) == person:
        update_session_auth_hash(request, person)
    return True
