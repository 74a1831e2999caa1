"""The one gate through which people come to an account of their own.

Asked when the page to sign up is opened, when its form is sent, and, what decides, when the address
is confirmed: an account that nobody has confirmed is none. Commands and imports make accounts
without it.
"""

from dataclasses import dataclass

from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.db.transactions import retried
from core.exceptions import ActionRefused
from publication import current, joining
from publication.joining import SigningUp

from ..models import Admission, User
from ..permissions import WHY_NOT
from ..signing_up.models import SignUp
from . import invitations
from .models import Invitation

_NO_PLACE = gettext_lazy(
    "Your invitation link no longer works. Please ask for another one where you got it."
)
_NO_LINK = gettext_lazy(
    "New accounts are by invitation now. Open an invitation link, and sign up again."
)


@dataclass(frozen=True)
class Joining:
    """How somebody signed out comes to an account, for pages to say so."""

    how: str
    invitation: Invitation | None
    domains: str

    @property
    def is_open(self) -> bool:
        """Whether they may make an account now."""
        if self.how == SigningUp.INVITATION:
            return self.invitation is not None
        return self.how != SigningUp.CLOSED


def joining_of(request: HttpRequest) -> Joining:
    """Return how the person asking comes to an account."""
    profile = current.current()
    asks = profile.signing_up in {SigningUp.APPROVAL, SigningUp.INVITATION}
    return Joining(
        profile.signing_up,
        invitations.opened(request) if asks else None,
        joining.named(profile.domains_allowed),
    )


def check_address(email: str) -> None:
    """Raise ValidationError if no account of this site may have the address `email`."""
    reason = joining.why_refused(email, current.current())
    if reason:
        raise ValidationError(reason, "domain")


@retried
def admit(sign_up: SignUp, email: str) -> str:
    """Let the person of `sign_up` in, who has confirmed `email`; return their `Admission`.

    What holds now counts, not what held when the form was sent. Raises `ActionRefused` (403).
    """
    profile = current.current()
    reason = joining.why_refused(email, profile)
    if reason:
        raise ActionRefused(reason, status=403)
    if profile.signing_up == SigningUp.CLOSED:
        raise ActionRefused(_("This site takes no new accounts at the moment."), status=403)
    has_place = invitations.use(sign_up.invitation_id, sign_up.person)
    if profile.signing_up == SigningUp.INVITATION and not has_place:
        raise ActionRefused(_NO_PLACE if sign_up.invitation_id else _NO_LINK, status=403)
    waits = profile.signing_up == SigningUp.APPROVAL and not has_place
    admission = Admission.WAITING if waits else Admission.ADMITTED
    User.objects.filter(pk=sign_up.person_id).update(admission=admission)
    return admission


@receiver(pre_save, sender=EmailAddress)
def _ask_at_confirmation(instance: EmailAddress, **_kwargs: object) -> None:
    """Ask the gate before the address of a sign-up is stored as confirmed, on whichever way."""
    if not instance.verified:
        return
    sign_up = SignUp.objects.filter(person=instance.user_id).select_related("person").first()
    if sign_up is None:
        return
    try:
        instance.user.admission = admit(sign_up, instance.email)
    except ActionRefused as refused:
        # Else the next visit would lead to a page that asks for a code which was used.
        if not context.request.user.is_authenticated:
            clear_login(context.request)
        page = render(
            context.request,
            "accounts/not_admitted.html",
            {"reason": refused.message},
            status=refused.status,
        )
        raise ImmediateHttpResponse(page) from refused


@receiver(email_confirmed)
def _say_what_waits(request: HttpRequest, email_address: EmailAddress, **_kwargs: object) -> None:
    """Say that the account waits: here, since an address is saved more than once on its way."""
    if email_address.user.admission:
        messages.info(request, WHY_NOT[email_address.user.admission])
