"""The sentences of refused account forms, in place of those of allauth."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ERRORS: dict[str, Any] = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _(
        "The main address cannot be removed. Make another one the main address first."
    ),
    "duplicate_email": _("This e-mail address is one of yours already."),
    "email_password_mismatch": _(
        "This address and this password do not belong together, or the address is not "
        "confirmed yet. A code by mail opens the account in any case."
    ),
    "email_taken": _("This e-mail address belongs to an account already."),
    "enter_current_password": _("Please type your present password."),
    "incorrect_code": _("That is not the code. Please look at the newest mail."),
    "incorrect_password": _("That is not your password."),
    "invalid_or_expired_key": _("This link no longer works. Please ask for another one."),
    "invalid_login": _("That did not work. Please try again."),
    "invalid_password_reset": _("This link no longer works. Please ask for another one."),
    "max_email_addresses": _("An account has at most %d e-mail addresses."),
    "rate_limited": _("That was too often. Please wait a minute, and try again."),
    "same_as_current": _("This is what it is already. Please choose another."),
    "select_only_one": _("Please choose only one."),
    "too_many_login_attempts": _("That was too often. Please wait a few minutes, and try again."),
    "unknown_email": _("No account has this e-mail address."),
    "unverified_primary_email": _("Confirm an address before you make it the main one."),
}
