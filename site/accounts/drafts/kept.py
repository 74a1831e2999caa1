"""Keep a form that was sent without a session until its writer signs in.

What was typed on a page that was drawn for an account is a draft of that account alone. What was
typed signed out returns in the browser that sent it, at the address to which that very form led:
another tab, or a person who signs in later, does not see it. Who signs up from that form and
confirms the address on another device finds it there.
"""

import json
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.core import ratelimit
from django.core.signing import BadSignature
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from core import limits
from core.csrf import account_of_form
from core.db.transactions import retried
from core.sent.fields import is_secret

from ..models import KeptForm, User
from . import store
from .store import PARENT, FormPlace

# The parameter of an address that names a form typed signed out, and its key in the session.
KEPT = "kept"
# The attribute of a request whose page shows what was kept itself.
_SHOWN = "_kept_form_is_shown"


def keep(request: HttpRequest, only: Collection[str] = ()) -> str | None:
    """Keep the form that was sent; return the address at which it waits, None if it is not kept.

    Of a form that was checked, one value of each of the fields `only`; else all that was typed.
    It is kept for the account of its page, or else for the one signed in. Not kept are forms with a
    forged field, too long ones of nobody, and too many from one address or for one account.
    """
    try:
        account = account_of_form(request) or request.user.pk
    except BadSignature:
        return None
    if len(request.path) > limits.KEPT_PATH:
        return None
    typed = {name: [request.POST.get(name, "")] for name in only} or typed_in(request)
    if account is None:
        return _keep_for_nobody(request, typed)
    if not User.objects.public().filter(pk=account).exists():
        return None
    if not ratelimit.consume(request, action="kept_form_of_account", key=str(account)):
        return None
    place = FormPlace.of(request.path, request.POST.get(PARENT, ""))
    store.put(account, place, typed)
    return place.address


def take(request: HttpRequest, path: str) -> QueryDict | None:
    """Remove and return the form kept for the person asking under `path`, or return None.

    Who waits for approval cannot send it: then it goes on waiting.
    """
    found = None if getattr(request.user, "admission", "") else waiting(request, path)
    # Only one of two requests at once deletes the row.
    if found is None or not KeptForm.objects.filter(pk=found.pk).delete()[0]:
        return None
    return found.fields


def show(request: HttpRequest, parent: str = "") -> KeptForm | None:
    """Return the draft of the person asking for the form of this page, or None.

    It stays until it is sent or thrown away. `parent` is what the form replies to. What was typed
    signed out and leads here becomes a draft of the account.
    """
    request.__dict__[_SHOWN] = True
    if request.method != "GET" or not isinstance(request.user, User):
        return None
    named = _typed_signed_out(request, request.path, request.GET.get(KEPT, ""))
    if named is not None:
        return _claim(named, request.user.pk)
    return store.standing(request.user.pk, FormPlace.of(request.path, parent))


def is_shown(request: HttpRequest) -> bool:
    """Return whether the page of `request` shows what was kept for it itself."""
    return bool(request.__dict__.get(_SHOWN))


def waiting(request: HttpRequest, path: str) -> KeptForm | None:
    """Return the row of the form kept for the person asking under `path`, or None."""
    if request.method != "GET" or not isinstance(request.user, User):
        return None
    found = store.drafts_at(request.user.pk, path).order_by("-pk").first()
    return found or _typed_signed_out(request, path, request.GET.get(KEPT, ""))


def on_the_way(request: HttpRequest) -> KeptForm | None:
    """Return the form to which signing up or in leads from this page; it goes on waiting."""
    login = request.session.get(LOGIN_SESSION_KEY) or {}
    address = request.POST.get("next") or request.GET.get("next") or login.get("redirect_url")
    return _named_in(request, address or "")


def bind(request: HttpRequest, address: str, person: User) -> None:
    """Let the form that waits at `address` wait for `person` too, who signs up to send it."""
    found = _named_in(request, address)
    if found is not None:
        KeptForm.objects.filter(pk=found.pk).update(signing_up=person)


@retried
def hand_over(person: User) -> None:
    """Give `person`, whose address is confirmed now, the forms that they signed up to send."""
    for kept in KeptForm.objects.filter(signing_up=person).order_by("pk"):
        _claim(kept, person.pk)


def forget_sent(request: HttpRequest) -> None:
    """Delete the kept form that the address names, if it is of the person asking."""
    key = _key(request.GET.get(KEPT, ""))
    if key is None:
        return
    of_person = Q(person=request.user.pk)
    if str(key) == request.session.get(KEPT):
        of_person |= Q(person=None)
    KeptForm.objects.filter(of_person, key=key, path=request.path).delete()


@retried
def _claim(kept: KeptForm, person: int) -> KeptForm:
    """Make the form `kept` for nobody the draft of the account `person` at its place."""
    KeptForm.objects.filter(person=person, path=kept.path, parent=kept.parent).delete()
    kept.person_id, kept.signing_up_id = person, None
    kept.save(update_fields=["person", "signing_up"])
    return kept


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    """Return the fields of the sent form with their values, without secrets."""
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if not is_secret(name)
    }


def _keep_for_nobody(request: HttpRequest, typed: dict[str, list[str]]) -> str | None:
    """Keep at most one comment's length, for a day; the session notes whose browser sent it.

    Nothing is kept beyond a number from one address, and beyond one from all.
    """
    length = sum(len(name) + sum(map(len, values)) for name, values in typed.items())
    if length > limits.COMMENT_MAX + limits.KEPT_OTHER_FIELDS:
        return None
    if not ratelimit.consume(request, action="kept_form"):
        return None
    if KeptForm.objects.filter(person=None).count() >= limits.KEPT_FOR_NOBODY_MOST:
        return None
    key = str(uuid4())
    place = FormPlace.of(request.path, request.POST.get(PARENT, ""))
    KeptForm.objects.create(key=key, path=place.path, parent=place.parent, typed=json.dumps(typed))
    request.session[KEPT] = key
    request.session.set_expiry(limits.KEPT_FOR_NOBODY)
    return f"{request.path}?{KEPT}={key}"


def _named_in(request: HttpRequest, address: str) -> KeptForm | None:
    """Return the form that this browser sent signed out and that `address` names, or None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return _typed_signed_out(request, parts.path, QueryDict(parts.query).get(KEPT, ""))


def _typed_signed_out(request: HttpRequest, path: str, named: str) -> KeptForm | None:
    """Return the form that this browser sent signed out under `path`, with the key `named`."""
    key = _key(named)
    if key is None or str(key) != request.session.get(KEPT):
        return None
    since = timezone.now() - timedelta(seconds=limits.KEPT_FOR_NOBODY)
    rows = KeptForm.objects.filter(person=None, key=key, path=path, kept_at__gt=since)
    return rows.first()


def _key(named: str) -> UUID | None:
    """Return the key of a kept form that an address names, None for anything else."""
    try:
        return UUID(named)
    except ValueError:
        return None
