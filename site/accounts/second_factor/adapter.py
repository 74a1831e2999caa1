"""Adapt allauth's MFA: secrets encrypted, names and sentences in our words."""

from io import BytesIO
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publication import current

from . import encryption


class MFAAdapter(DefaultMFAAdapter):
    """allauth's adapter, with encryption."""

    error_messages: ClassVar[dict[str, Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "That was not right. Each code works once, for half a minute: please wait for the "
            "next one and try again."
        ),
        "cannot_generate_recovery_codes": _("Please add an app or a passkey first."),
        "unverified_email": _(
            "One of your e-mail addresses is not confirmed yet. Please confirm or remove it first."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Return the name under which an authenticator app shows the account."""
        return current.current().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the host for which a passkey is made, with the name that the browser shows."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": current.current().name}

    def encrypt(self, text: str) -> str:
        """Return `text` as it is stored."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text of what is stored."""
        return encryption.decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code of `url` as SVG, black on white in every theme."""
        # Here, since it takes 5 MB that most processes never need.
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        image = qrcode.make(url, image_factory=SvgPathFillImage)
        file = BytesIO()
        image.save(file)
        return file.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (allauth's)
        """Return the name suggested for the next passkey of `user`."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}
