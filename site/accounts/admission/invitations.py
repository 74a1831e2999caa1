"""Make, find, use and revoke invitation links."""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.db.transactions import retried

from ..models import User
from .models import Invitation, InvitationUse

# Bytes of a token: too many to guess.
TOKEN_BYTES = 24
# The key of the session under which the link that a browser opened is kept.
_OPENED = "invitation"


@retried
def make(
    *, by: User, label: str, uses: int, ends_at: datetime, form_key: UUID
) -> tuple[Invitation, str]:
    """Make an invitation, and return it with the address to hand on, which is stored nowhere.

    A form that was sent before has made one: it is returned, with an empty address.
    """
    earlier = Invitation.objects.filter(form_key=form_key).first()
    if earlier is not None:
        return earlier, ""
    token = token_urlsafe(TOKEN_BYTES)
    made = Invitation.objects.create(
        digest=_digest(token),
        label=label,
        uses=uses,
        ends_at=ends_at,
        form_key=form_key,
        made_by=by,
    )
    return made, settings.SITE_URL + reverse("people:invitation", args=[token])


@retried
def revoke(pk: int) -> bool:
    """Let the invitation `pk` let nobody in from now on; return whether it did until now."""
    live = Invitation.objects.filter(pk=pk, revoked_at=None)
    return bool(live.update(revoked_at=timezone.now()))


def find(token: str) -> Invitation | None:
    """Return the usable invitation with `token`, or None."""
    return Invitation.objects.usable().filter(digest=_digest(token)).first()


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Let this browser sign up by `invitation`."""
    request.session[_OPENED] = invitation.pk


def opened(request: HttpRequest) -> Invitation | None:
    """Return the usable invitation that this browser has opened, or None."""
    pk = request.session.get(_OPENED)
    return Invitation.objects.usable().filter(pk=pk).first() if pk else None


@retried
def use(pk: int | None, person: User) -> bool:
    """Take a place on the invitation `pk` for `person`, and return whether they have one.

    Again for the same person it changes nothing.
    """
    if InvitationUse.objects.filter(person=person).exists():
        return True
    # Others who take a place wait here; the constraint would refuse them besides.
    if pk is None or not Invitation.objects.select_for_update().filter(pk=pk).exists():
        return False
    found = Invitation.objects.usable().filter(pk=pk).first()
    if found is None:
        return False
    taken = set(found.uses_made.values_list("place", flat=True))
    place = next(place for place in range(1, found.uses + 1) if place not in taken)
    InvitationUse.objects.create(invitation=found, person=person, place=place)
    return True


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
