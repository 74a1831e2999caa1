"""The words of buttons in mail about accounts, by the name of the mail's template."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "account/email/account_admitted": _("Go to the site"),
    "account/email/account_already_exists": _("Choose a new password"),
    "account/email/account_changed": _("Undo the change"),
    "account/email/password_reset_key": _("Choose a new password"),
}
# Of a mail about an account that was approved after its person wrote something.
POST_WORDS = _("Post what you wrote")


def act_of(template: str, context: dict[str, Any]) -> Any:
    """Return what the button of the mail from `template` says; empty for a mail without one.

    A sender outside accounts gives it as `act` in the context.
    """
    if context.get("waits"):
        return POST_WORDS
    return context.get("act") or ACTS.get(template, "")
