"""The base of readers' verdicts on texts that speak for their answer."""

from django.db import models

from .counted import Counted


class Verdict(Counted):
    """Whether a reader finds a text fair to the answer that the reader holds."""

    # The answer held when judging.
    stance = models.ForeignKey("posts.Stance", on_delete=models.PROTECT, related_name="+")
    is_fair = models.BooleanField()
    judged_at = models.DateTimeField()

    class Meta(Counted.Meta):
        abstract = True
