"""Sign up in one transaction, under the lock of names, and delete what nobody confirms.

An address that has an account gets the same as a new one: an account with the name that was typed
and a handle made from it, which nobody can confirm. So the handle is held, has a profile and is
free again a day later in both cases, and neither the work nor what follows tells which addresses
are known.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused

from .. import handles
from ..admission.models import Invitation
from ..models import User
from ..naming import rules
from ..restoring.actions import is_kept_back
from .models import SignUp

_SIGNED_UP = _(
    "You have already signed up with this address and name. Please type the same password "
    "again, or sign in with a code."
)


@retried
def sign_up(*, email: str, name: str, password: str, invitation: Invitation | None = None) -> User:
    """Make an account that `email` has to confirm, and return it; `password` is hashed already.

    Until then it has no primary address. For a known address it is an account of nobody. Raises
    `ActionRefused` (422, for the name) if it passes for somebody else's, or if name and address
    have signed up already.
    """
    rules.lock()
    try:
        rules.check(name)
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages), field="name") from error
    if _waiting(email, name).exists():
        raise ActionRefused(_SIGNED_UP, field="name")
    handle = handles.from_name(name)
    address = _address_of_nobody() if is_known(email) else email
    person = User.objects.create(handle=handle, name=name, password=password)
    EmailAddress.objects.create(user=person, email=address)
    SignUp.objects.create(person=person, address_key=_key(email), invitation=invitation)
    return person


def is_known(email: str) -> bool:
    """Return whether `email` has an account, or may get one back by a link.

    Known or not, it takes three queries.
    """
    has_row = EmailAddress.objects.filter(email=email.lower()).exists()
    has_account = User.objects.filter(email__iexact=email).exists()
    return is_kept_back(email) or has_row or has_account


def find(*, email: str, name: str, password: str) -> User | None:
    """Return the account that these words have made, if nobody has confirmed it; else None."""
    found = _waiting(email, name).select_related("person").first()
    return found.person if found and _has_password(found.person, password) else None


@retried
def come_by(person: User, invitation: Invitation | None) -> None:
    """Note the `invitation` of somebody who opened one after signing up; without one, nothing."""
    if invitation is not None:
        SignUp.objects.filter(person=person).update(invitation=invitation)


def _waiting(email: str, name: str) -> QuerySet[SignUp]:
    """Return the sign-up with an address and a name that nobody has confirmed."""
    return SignUp.objects.filter(person__name=name, address_key=_key(email))


def _has_password(person: User, password: str) -> bool:
    """Return whether `password` is that of the account, which has none if it is empty."""
    if not password:
        return not person.has_usable_password()
    return person.check_password(password)


def address_of(person: User, email: str) -> EmailAddress:
    """Return the row of `email`, and let allauth find it; an account of nobody has none stored."""
    stored = EmailAddress.objects.filter(user=person, email=email).first()
    address = stored or EmailAddress(email=email)
    address.user = person
    EmailAddress.objects.fill_cache_for_user(person, [address])
    return address


def purge() -> int:
    """Delete the accounts that nobody confirmed in time, and return how many."""
    until = timezone.now() - timedelta(seconds=limits.SIGN_UP_KEPT)
    old = SignUp.objects.filter(at__lte=until).order_by("pk")
    return sum(map(_delete, old.values_list("person", flat=True)[: limits.SIGN_UPS_DELETED]))


@retried
def _delete(person: int) -> int:
    """Delete an account unless somebody has used or judged it; return how many were deleted."""
    rules.lock()
    SignUp.objects.filter(person=person).delete()
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    found = User.objects.filter(pk=person, last_login=None, role_grants=None)
    if confirmed.exists() or not found.exists():
        return 0
    try:
        with transaction.atomic():
            found.get().delete()
    except ProtectedError:  # a moderator has decided about it, and the log stays
        return 0
    return 1


def _address_of_nobody() -> str:
    return f"{get_random_string(32).lower()}@sign-up.invalid"


def _key(email: str) -> str:
    return salted_hmac("accounts.signing_up", email.lower(), algorithm="sha256").hexdigest()
