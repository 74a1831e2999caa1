"""Queries on pictures."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import limits

from .purposes import Purpose


class PictureQuerySet(QuerySet):  # type: ignore[type-arg]
    """Pictures."""

    def unused(self) -> "PictureQuerySet":
        """Return those to which no foreign key of any table leads."""
        found = self
        for relation in self.model._meta.get_fields(include_hidden=True):
            if relation.auto_created and not relation.concrete:
                rows = relation.related_model._base_manager
                found = found.exclude(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
        return found

    def due(self, now: datetime) -> "PictureQuerySet":
        """Return those that go at `now` if nothing uses them: nobody has uploaded them lately."""
        day = now - timedelta(seconds=limits.PICTURE_KEPT)
        month = now - timedelta(seconds=limits.ARTICLE_PICTURE_KEPT)
        of_article = Q(purpose=Purpose.ARTICLE)
        return self.filter(~of_article, uploaded_at__lt=day) | self.filter(
            of_article, uploaded_at__lt=month
        )
