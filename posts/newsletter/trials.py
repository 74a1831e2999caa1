"""Send the mail of an article to one of its authors, before anybody else gets it.

Unlike the real one it has no `List-Unsubscribe`: no subscription brings it, so the button that mail
programs show for that would end nothing.
"""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.following.letters import Letter
from notifications.mailing.models import StoppedAddress

from ..models import Post
from . import letters, reasons


def letter_for(post: Post, person: User, *, is_test: bool) -> Letter:
    """Return the mail of the newest text of `post`, as the followers of its author `person` get it.

    Raises `ActionRefused` for an article without text.
    """
    if post.newest_revision is None or not post.newest_revision.body.strip():
        raise ActionRefused(_("There is no e-mail yet: the article has no text."))
    return letters.try_out(post, reasons.of_author(person.display_name), is_test=is_test)


@retried
def send(post: Post, person: User) -> str:
    """Send that mail to the confirmed address of `person`, marked as a test; return the address.

    Raises `ActionRefused` for an article without text, and for somebody without an address that
    takes our mail.
    """
    letter = letter_for(post, person, is_test=True)
    address = _address_of(person)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=get_adapter().get_from_email(),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    message.send()
    return address


def _address_of(person: User) -> str:
    """Return the confirmed address of `person`; raise `ActionRefused` if no mail can go there."""
    address = person.email or ""
    confirmed = EmailAddress.objects.filter(user=person, verified=True, email__iexact=address)
    if not address or not confirmed.exists():
        raise ActionRefused(_("Your address is not confirmed yet, so we cannot send it there."))
    if StoppedAddress.objects.filter(address__iexact=address).exists():
        raise ActionRefused(_("Your address does not take our e-mail, so we cannot send it there."))
    return address
