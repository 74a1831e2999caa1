"""The model of the token in the address of a person's private feed."""

from django.conf import settings
from django.db import models
from django.utils import timezone

# Hexadecimal digits of SHA-256.
DIGEST_LENGTH = 64


class FeedToken(models.Model):
    """The token that opens the feed of one person. Only its hash is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_token"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    # `User.sessions_ended` when it was made: what an ended session made opens nothing.
    sessions_ended = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"feed of {self.user_id}"
