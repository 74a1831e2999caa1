"""Keep a form that was sent without a session until its writer signs in, and return it once.

What was typed on a page that was drawn for an account returns to that account alone. What was typed
signed out returns in the browser that sent it, at the address to which that very form led: another
tab, or a person who signs in later, does not see it. Who signs up from that form and confirms the
address on another device finds it there.
"""

import json
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

from .models import KeptForm, User

# The parameter of an address that names a form typed signed out, and its key in the session.
KEPT = "kept"


def keep(request: HttpRequest) -> str | None:
    """Keep the form that was sent; return the address at which it waits, None if it is not kept.

    It is kept for the account of its page, or else for the one signed in. Not kept are forms with a
    forged field, too long ones of nobody, and too many from one address or for one account.
    """
    try:
        account = account_of_form(request) or request.user.pk
    except BadSignature:
        return None
    typed = _typed(request)
    if account is None:
        return _keep_for_nobody(request, typed)
    if not User.objects.public().filter(pk=account).exists():
        return None
    if not ratelimit.consume(request, action="kept_form_of_account", key=str(account)):
        return None
    _store_for_account(account, request.path, typed)
    return request.path


def take(request: HttpRequest, path: str) -> QueryDict | None:
    """Remove and return the form kept for the person asking under `path`, or return None."""
    found = waiting(request, path)
    # Only one of two requests at once deletes the row.
    if found is None or not KeptForm.objects.filter(pk=found.pk).delete()[0]:
        return None
    return fields_of(found)


def waiting(request: HttpRequest, path: str) -> KeptForm | None:
    """Return the row of the form kept for the person asking under `path`, or None."""
    if request.method != "GET" or not isinstance(request.user, User):
        return None
    found = KeptForm.objects.filter(person=request.user, path=path).order_by("-pk").first()
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
    KeptForm.objects.filter(signing_up=person).update(person=person, signing_up=None)


def newest_path(person: User) -> str | None:
    """Return the address at which the newest form kept for `person` waits, or None."""
    kept = KeptForm.objects.filter(person=person).order_by("-pk")
    return kept.values_list("path", flat=True).first()


def fields_of(kept: KeptForm) -> QueryDict:
    """Return the fields of a kept form as they were sent."""
    form = QueryDict(mutable=True)
    for name, values in json.loads(kept.typed).items():
        form.setlist(name, values)
    return form


def forget_sent(request: HttpRequest) -> None:
    """Delete the kept form that the address names, if it is of the person asking."""
    key = _key(request.GET.get(KEPT, ""))
    if key is None:
        return
    of_person = Q(person=request.user.pk)
    if str(key) == request.session.get(KEPT):
        of_person |= Q(person=None)
    KeptForm.objects.filter(of_person, key=key, path=request.path).delete()


def forget_old() -> None:
    """Delete what was typed signed out after a day, and what waits for accounts after a month."""
    now = timezone.now()
    KeptForm.objects.filter(
        person=None, kept_at__lt=now - timedelta(seconds=limits.KEPT_FOR_NOBODY)
    ).delete()
    KeptForm.objects.filter(kept_at__lt=now - timedelta(seconds=limits.KEPT_FOR_ACCOUNT)).delete()


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """Return the fields of the sent form with their values, without secrets."""
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if not is_secret(name)
    }


def _keep_for_nobody(request: HttpRequest, typed: dict[str, list[str]]) -> str | None:
    """Keep at most one comment's length, for a day; the session notes whose browser sent it."""
    length = sum(len(name) + sum(map(len, values)) for name, values in typed.items())
    if length > limits.COMMENT_MAX + limits.KEPT_OTHER_FIELDS:
        return None
    if not ratelimit.consume(request, action="kept_form"):
        return None
    key = str(uuid4())
    KeptForm.objects.create(key=key, path=request.path, typed=json.dumps(typed))
    request.session[KEPT] = key
    request.session.set_expiry(limits.KEPT_FOR_NOBODY)
    return f"{request.path}?{KEPT}={key}"


@retried
def _store_for_account(account: int, path: str, typed: dict[str, list[str]]) -> None:
    """Replace what waits for the account under `path`, and delete the oldest beyond the limit."""
    KeptForm.objects.filter(person=account, path=path).delete()
    KeptForm.objects.create(person_id=account, path=path, typed=json.dumps(typed))
    waiting = KeptForm.objects.filter(person=account).order_by("-pk").values_list("pk", flat=True)
    KeptForm.objects.filter(pk__in=list(waiting)[limits.KEPT_FORMS :]).delete()


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
    return KeptForm.objects.filter(person=None, key=key, path=path, kept_at__gt=since).first()


def _key(named: str) -> UUID | None:
    """Return the key of a kept form that an address names, None for anything else."""
    try:
        return UUID(named)
    except ValueError:
        return None
