"""Store up to where each account has read the discussion of a post, the same on all its devices."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .post import Post


class Visit(models.Model):
    """The latest visit of an account to the discussion of a post; one row for both.

    Places in time are page versions of the post, as those of `Comment.arrival`: `seen` is the
    newest that the account was shown, `before` the newest that it had been shown when this visit
    began. A visit ends when nothing is read for `limits.VISIT_ENDS`.
    """

    # No index of its own: that of the constraint begins with this column.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    before = models.PositiveBigIntegerField()
    seen = models.PositiveBigIntegerField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reader", "post"], name="visit_one_per_post"),
            models.CheckConstraint(
                name="visit_begins_before_it_ends", condition=Q(before__lte=F("seen"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} at post {self.post_id}"

    def read_up_to(self, version: int, now: datetime, *, begins: bool) -> None:
        """Store that the page of `version` was read at `now`; with `begins` by a new visit."""
        if begins:
            self.before = self.seen
        self.seen = max(self.seen, version)
        self.seen_at = max(self.seen_at, now)

    def join(self, version: int) -> None:
        """Take over a visit elsewhere that was shown `version`, if it was the later one."""
        self.before = max(self.before, version)
        self.seen = max(self.seen, version)
