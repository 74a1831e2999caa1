"""The ways to say again who one is, in our words, by the names that allauth gives them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WAYS: dict[str, Any] = {
    "reauthenticate": _("Use your password"),
    "reauthenticate_by_code": _("Send me a code"),
    "mfa_reauthenticate": _("Use a code from your app"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
