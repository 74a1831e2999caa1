"""Store series and their parts, with or without posts."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.caching.reverse import cached_reverse

from ..querysets import SeriesQuerySet
from ..slugs import SLUG_LENGTH

if TYPE_CHECKING:
    from .post import Post, PostState


class Series(models.Model):
    """Store a series: posts that belong together, in the owner's order."""

    slug = models.SlugField(_("address"), max_length=SLUG_LENGTH, unique=True, allow_unicode=True)
    title = models.CharField(_("title"), max_length=120)
    standfirst = models.CharField(_("standfirst"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_html = models.TextField(blank=True, editable=False)
    markup_version = models.PositiveSmallIntegerField(default=0, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="series"
    )
    created_at = models.DateTimeField(default=timezone.now)
    # Unique per form sent, so that sending a form again finds the series it made.
    form_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the path of the series' page."""
        return cached_reverse("posts:series-detail", self.slug)

    def published_parts(self, now: datetime | None = None) -> "list[Part]":
        """Return the parts that are published at `now`."""
        return [part for part in self.parts.all() if part.published_post(now)]


class Part(models.Model):
    """Store a part of a series. An announced part has no post yet, or an unpublished one."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("announced title"), max_length=200)
    summary = models.CharField(_("announced summary"), max_length=300, blank=True)
    post = models.OneToOneField(
        "posts.Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="part"
    )

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "position"], name="part_position_unique"),
            models.CheckConstraint(name="part_position_from_one", condition=Q(position__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.position}: {self.title}"

    def get_absolute_url(self) -> str:
        """Return the path of the part's entry on the page of its series."""
        return f"{self.series.get_absolute_url()}#part-{self.position}"

    def state(self, now: datetime | None = None) -> "PostState | None":
        """Return the state of the part's post at `now`, None without a post."""
        return self.post.state(now) if self.post is not None else None

    def published_post(self, now: datetime | None = None) -> "Post | None":
        """Return the part's post if it is published at `now`, else None."""
        if self.post is not None and self.post.is_published(now):
            return self.post
        return None

    def shown_title(self, now: datetime | None = None) -> str:
        """Return the title of the published post, else the announced one."""
        post = self.published_post(now)
        return post.title if post else self.title
