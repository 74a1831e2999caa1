"""Store what is known of each uploaded picture; its pixels are files below `MEDIA_ROOT`."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext

from .files import DIGEST_LENGTH
from .purposes import Purpose
from .querysets import PictureQuerySet

KIND_MAX, PURPOSE_MAX = 8, 16


class PictureKind(models.TextChoices):
    """How a picture is encoded, as the name of its file ends."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


class Picture(models.Model):
    """Store a picture that somebody uploaded, named by its content; it never changes.

    The same picture by another person or for another purpose is another row, with the same files.
    """

    digest = models.CharField(max_length=DIGEST_LENGTH)
    kind = models.CharField(max_length=KIND_MAX, choices=PictureKind.choices)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes")
    purpose = models.CharField(max_length=PURPOSE_MAX, choices=Purpose.choices)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pictures"
    )
    # When it was last uploaded: it may wait for a while until something uses it.
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = PictureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "uploaded_by", "digest", "purpose", name="picture_once_for_a_person"
            ),
            models.CheckConstraint(
                name="picture_digest_is_whole", condition=Exact(Length("digest"), DIGEST_LENGTH)
            ),
            models.CheckConstraint(
                name="picture_kind_known", condition=Q(kind__in=PictureKind.values)
            ),
            models.CheckConstraint(
                name="picture_purpose_known", condition=Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="picture_has_pixels", condition=Q(width__gte=1, height__gte=1, size__gte=1)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["digest"], name="picture_digest"),
            models.Index(fields=["uploaded_at"], name="picture_uploaded"),
        ]

    def __str__(self) -> str:
        return gettext("%(width)d × %(height)d pixels, %(kind)s") % {
            "width": self.width,
            "height": self.height,
            "kind": self.kind.upper(),
        }

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.file_name()

    @property
    def address(self) -> str:
        """The address of its file."""
        return f"{settings.MEDIA_URL}{self.name}"

    @property
    def further(self) -> dict[str, str]:
        """The addresses of its further files, by the end of their names."""
        return {
            end: f"{settings.MEDIA_URL}{self.file_name(end)}"
            for end in Purpose(self.purpose).further
        }

    @property
    def file_names(self) -> list[str]:
        """The names of all its files."""
        return [self.name, *map(self.file_name, Purpose(self.purpose).further)]

    def file_name(self, end: str = "") -> str:
        """Return the name of its file that ends with `end`, of the whole picture for none."""
        return f"{self.digest}-{end}.{self.kind}" if end else f"{self.digest}.{self.kind}"
