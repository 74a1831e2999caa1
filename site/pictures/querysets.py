"""Queries on pictures."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet


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

    def uploaded_before(self, when: datetime) -> "PictureQuerySet":
        """Return those that nobody has uploaded since `when`."""
        return self.filter(uploaded_at__lt=when)
