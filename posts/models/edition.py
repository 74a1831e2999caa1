"""Store the site edition: the version of everything public pages show except discussions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Edition(models.Model):
    """Store the edition number in the only row; triggers raise it (`posts.pages.page_versions`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="edition_is_one", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return f"edition {self.number}"
