"""The table of attempts at passwords."""

from django.db import models


class PasswordAttempt(models.Model):
    """An attempt at the password of an account that was not right, or is not decided yet.

    `key` hides whose it is: typed addresses may belong to nobody here, and must not be collected.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="password_attempt_key_at")]

    def __str__(self) -> str:
        return f"{self.key} at {self.at}"
