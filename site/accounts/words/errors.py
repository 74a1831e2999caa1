"""The sentences of refused account forms, in place of those of allauth."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ERRORS: dict[str, Any] = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _(
        "The main address cannot be removed. Make another one the main address first."
    ),
    "duplicate_email": _("You have added this e-mail address already."),
    "email_password_mismatch": _(
        "The address or the password is wrong, or the address is not confirmed yet. You can "
        "always sign in with a code instead."
    ),
    "email_taken": _("This e-mail address already belongs to an account."),
    "enter_current_password": _("Please type the password you have now."),
    "incorrect_code": _("That is not the code. Please use the one in our newest e-mail."),
    "incorrect_password": _("That is not your password."),
    "invalid_or_expired_key": _("This link no longer works. Please ask for another one."),
    "invalid_login": _("That did not work. Please try again."),
    "invalid_password_reset": _("This link no longer works. Please ask for another one."),
    "max_email_addresses": _("An account has at most %d e-mail addresses."),
    "rate_limited": _("Too many tries. Please wait a minute and try again."),
    "same_as_current": _("This is the one you have already. Please choose another."),
    "select_only_one": _("Please choose only one."),
    "too_many_login_attempts": _("Too many tries. Please wait a few minutes and try again."),
    "unknown_email": _("No account has this e-mail address."),
    "unverified_primary_email": _("Confirm the address before you make it the main one."),
}
