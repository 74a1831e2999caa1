"""Queries about what is published, the gate of visibility among them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, F, IntegerField, Q, Sum, When
from django.utils import timezone

if TYPE_CHECKING:
    from .models.post import Post  # noqa: F401  (named in the base classes)
    from .models.sealed_answer import SealedAnswer  # noqa: F401
    from .models.series import Series  # noqa: F401


class PostQuerySet(models.QuerySet["Post"]):
    """Questions about many posts."""

    def published(self, now: datetime | None = None) -> "PostQuerySet":
        """Return the posts whose publication time has come by `now`."""
        return self.filter(published_at__lte=now or timezone.now())

    def visible_to(self, user: Any, now: datetime | None = None) -> "PostQuerySet":
        """Return the posts `user` may read: published, own ones, and all for an admin."""
        if user.is_authenticated and user.is_admin:
            return self
        visible = Q(published_at__lte=now or timezone.now())
        if user.is_authenticated:
            visible |= Q(pk__in=user.authorships.values("post_id"))
        return self.filter(visible)

    def editable_by(self, user: Any) -> "PostQuerySet":
        """Return the posts `user` may change: own ones, and all for an admin."""
        if user.is_admin:
            return self
        return self.filter(pk__in=user.authorships.values("post_id"))

    def with_text(self) -> "PostQuerySet":
        """Return the posts together with their live and newest revisions."""
        return self.select_related("live_revision", "newest_revision")


class SeriesQuerySet(models.QuerySet["Series"]):
    """Questions about many series."""

    def visible_to(self, user: Any, now: datetime | None = None) -> "SeriesQuerySet":
        """Return the series `user` may see: with a part that is out, own ones, all for an admin."""
        if user.is_authenticated and user.is_admin:
            return self
        visible = Q(pk__in=self._begun(now))
        if user.is_authenticated:
            visible |= Q(owner=user)
        return self.filter(visible)

    def published(self, now: datetime | None = None) -> "SeriesQuerySet":
        """Return the series of which a part is out by `now`."""
        return self.filter(pk__in=self._begun(now))

    def _begun(self, now: datetime | None) -> Any:
        begun = self.model._default_manager.filter(
            parts__post__published_at__lte=now or timezone.now()
        )
        return begun.values("pk")

    def editable_by(self, user: Any) -> "SeriesQuerySet":
        """Return the series `user` may change: own ones, and all for an admin."""
        if user.is_admin:
            return self
        return self.filter(owner=user)


class SealedAnswerQuerySet(models.QuerySet["SealedAnswer"]):
    """Questions about many sealed answers."""

    def valid(self) -> "SealedAnswerQuerySet":
        """Return those that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def closed(self, now: datetime | None = None) -> "SealedAnswerQuerySet":
        """Return those that nobody may know at `now`."""
        return self.valid().exclude(_is_open(now))

    def told(self, now: datetime | None = None) -> "SealedAnswerQuerySet":
        """Return what may be told of each: `told_stance`, the answer's id, only if it is open.

        The column itself is not read, so that nothing that is kept of a page can hold it.
        """
        told = Case(When(_is_open(now), then=F("stance_id")), output_field=IntegerField())
        rows = self.valid().annotate(told_stance=told).defer("stance", "version")
        return rows.select_related("author").order_by("pk")

    def to_open(self, now: datetime | None = None) -> "SealedAnswerQuerySet":
        """Return those whose moment has come, or whose readers have answered, by `now`."""
        waiting = self.valid().filter(opened_at__isnull=True)
        waiting = waiting.annotate(reached=Sum("question__stances__answer_count"))
        by_now = Q(opens_at__lte=now or timezone.now())
        return waiting.filter(by_now | Q(opens_after__lte=F("reached"))).order_by("pk")


def _is_open(now: datetime | None) -> Q:
    return Q(opened_at__isnull=False) | Q(
        opens_at__isnull=False, opens_at__lte=now or timezone.now()
    )
