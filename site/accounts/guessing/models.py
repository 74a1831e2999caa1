"""The table of attempts at passwords."""

from django.db import models


class PasswordAttempt(models.Model):
    """An attempt at the password of an account that was not right, or is not decided yet.

    `key` is of the account, `address_key` of the typed address. They hide whose it is: typed
    addresses may belong to nobody here, and must not be collected.
    """

    key = models.CharField(max_length=64)
    # Code from before this column leaves it out.
    address_key = models.CharField(max_length=64, default="", db_default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="password_attempt_key_at"),
            models.Index(fields=["address_key", "at"], name="password_attempt_address_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key} at {self.at}"
