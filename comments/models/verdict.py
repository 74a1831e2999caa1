"""What readers say of a text that speaks for the answer they hold."""

from django.conf import settings
from django.db import models


class Verdict(models.Model):
    """What a reader says of a text that speaks for the answer they hold: fair, or not quite."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The answer held when judging.
    stance = models.ForeignKey("posts.Stance", on_delete=models.PROTECT, related_name="+")
    is_fair = models.BooleanField()
    judged_at = models.DateTimeField()

    class Meta:
        abstract = True
