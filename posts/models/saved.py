"""Store what readers save for later: articles and comments, by type and id."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .post import Post


class SavedKind(models.TextChoices):
    """Name the types of what can be saved."""

    POST = "post", _("Articles")
    COMMENT = "comment", _("Comments")


class SavedItem(models.Model):
    """A reader saved the row `target_id` of the type `kind`; taking it back deletes this row.

    `post` is the article on whose page it is shown: that page asks for all of them at once.
    """

    # No index of its own: those below begin with this column.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16, choices=SavedKind.choices)
    target_id = models.PositiveBigIntegerField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reader", "kind", "target_id"], name="saved_once"),
            models.CheckConstraint(name="saved_kind_known", condition=Q(kind__in=SavedKind.values)),
            models.CheckConstraint(
                name="saved_post_is_its_page",
                condition=~Q(kind=SavedKind.POST) | Q(target_id=F("post")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reader", "-saved_at", "-id"], name="saved_newest"),
            models.Index(fields=["reader", "post"], name="saved_on_page"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id} of {self.reader_id}"
