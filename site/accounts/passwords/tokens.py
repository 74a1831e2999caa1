"""Make the tokens of links to choose another password."""

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """Tokens that end with a sign-in, another password or another address.

    allauth's also write a row for an address that has none; these read once, for nobody, too.
    """

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        known = super()._make_hash_value(user, timestamp)  # type: ignore[arg-type]
        rows = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
        own = getattr(user, "email", None)
        return known + "|".join(sorted({*rows, *([own.lower()] if own else [])}))
