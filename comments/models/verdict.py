"""The base of readers' verdicts on texts that speak for their answer."""

from django.conf import settings
from django.db import models


class Verdict(models.Model):
    """Whether a reader finds a text fair to the answer that the reader holds."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The answer held when judging.
    stance = models.ForeignKey("posts.Stance", on_delete=models.PROTECT, related_name="+")
    is_fair = models.BooleanField()
    judged_at = models.DateTimeField()

    class Meta:
        abstract = True
