"""Query posts, series and sealed answers by visibility, state and editor."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, Max, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone

if TYPE_CHECKING:
    from .models.post import Post  # noqa: F401  (named in the base classes)
    from .models.sealed_answer import SealedAnswer  # noqa: F401
    from .models.series import Series  # noqa: F401


class PostQuerySet(models.QuerySet["Post"]):
    """Query posts."""

    def published(self, now: datetime | None = None) -> "PostQuerySet":
        """Return the posts published at `now` or before."""
        return self.filter(published_at__lte=now or timezone.now())

    def kept(self) -> "PostQuerySet":
        """Return the posts that are not in the bin."""
        return self.filter(binned_at__isnull=True)

    def in_bin_of(self, user: Any) -> "PostQuerySet":
        """Return the posts of `user` that are in the bin, the last one thrown away first."""
        own = self.filter(binned_at__isnull=False, pk__in=user.authorships.values("post_id"))
        return own.order_by("-binned_at", "-id")

    def visible_to(self, user: Any, now: datetime | None = None) -> "PostQuerySet":
        """Return the posts `user` may read: published ones, their own, and all for an admin.

        Nobody reads a post in the bin.
        """
        if user.is_authenticated and user.is_admin:
            return self.kept()
        visible = Q(published_at__lte=now or timezone.now())
        if user.is_authenticated:
            own = Q(pk__in=user.authorships.values("post_id"))
            visible |= own & Q(binned_at__isnull=True)
        return self.filter(visible)

    def editable_by(self, user: Any) -> "PostQuerySet":
        """Return the posts `user` may change: their own, and all for an admin, none in the bin."""
        if user.is_admin:
            return self.kept()
        return self.kept().filter(pk__in=user.authorships.values("post_id"))

    def newest(self) -> "PostQuerySet":
        """Return the posts in the order of publication, the newest first."""
        return self.order_by("-published_at", "-id")

    def with_total(self) -> "PostQuerySet":
        """Load the number of these posts, whatever slice is read, in the same query: `total`."""
        counted = self.order_by().values(every=Value(1)).annotate(total=Count("pk"))
        return self.annotate(total=Subquery(counted.values("total")))

    def with_text(self) -> "PostQuerySet":
        """Load the live and the newest revision of each post in the same query."""
        return self.select_related("live_revision", "newest_revision")


class SeriesQuerySet(models.QuerySet["Series"]):
    """Query series."""

    def visible_to(self, user: Any, now: datetime | None = None) -> "SeriesQuerySet":
        """Return the series `user` may read: published ones, their own, and all for an admin."""
        if user.is_authenticated and user.is_admin:
            return self
        visible = Q(pk__in=self._published_ids(now))
        if user.is_authenticated:
            visible |= Q(owner=user)
        return self.filter(visible)

    def published(self, now: datetime | None = None) -> "SeriesQuerySet":
        """Return the series with at least one part published at `now`."""
        return self.filter(pk__in=self._published_ids(now))

    def newest_part_first(self, now: datetime | None = None) -> "SeriesQuerySet":
        """Return the series in the order of their newest parts that are published at `now`."""
        published = Q(parts__post__published_at__lte=now or timezone.now())
        newest = Max("parts__post__published_at", filter=published)
        return self.annotate(newest_part=newest).order_by("-newest_part", "-id")

    def _published_ids(self, now: datetime | None) -> Any:
        published = self.model._default_manager.filter(
            parts__post__published_at__lte=now or timezone.now()
        )
        return published.values("pk")

    def editable_by(self, user: Any) -> "SeriesQuerySet":
        """Return the series `user` may change: their own, and all for an admin."""
        if user.is_admin:
            return self
        return self.filter(owner=user)


class SealedAnswerQuerySet(models.QuerySet["SealedAnswer"]):
    """Query sealed answers."""

    def valid(self) -> "SealedAnswerQuerySet":
        """Return the sealed answers that are not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def closed(self, now: datetime | None = None) -> "SealedAnswerQuerySet":
        """Return the valid sealed answers that only their authors may read at `now`."""
        return self.valid().exclude(_is_open(now))

    def for_readers(self, now: datetime | None = None) -> "SealedAnswerQuerySet":
        """Return the valid sealed answers with `open_stance_id`: the stance's id, None if closed.

        The column `stance` is not read, so that no cached page can contain a closed answer.
        """
        open_stance = Case(When(_is_open(now), then=F("stance_id")), output_field=IntegerField())
        rows = self.valid().annotate(open_stance_id=open_stance).defer("stance", "version")
        rows = rows.select_related("author").prefetch_related("late_sealings")
        return rows.order_by("pk")

    def to_open(self, now: datetime | None, answers: Combinable) -> "SealedAnswerQuerySet":
        """Return the sealed answers due to open at `now`, by time or by the number of `answers`.

        That is the expression for how many readers have answered the question. Those to the
        question of a post in the bin wait.
        """
        closed = self.valid().filter(opened_at__isnull=True, question__post__binned_at__isnull=True)
        waiting = closed.annotate(answers=answers)
        by_time = Q(opens_at__lte=now or timezone.now())
        return waiting.filter(by_time | Q(opens_after__lte=F("answers"))).order_by("pk")


def _is_open(now: datetime | None) -> Q:
    return Q(opened_at__isnull=False) | Q(
        opens_at__isnull=False, opens_at__lte=now or timezone.now()
    )
