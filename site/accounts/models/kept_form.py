"""The model of what somebody has typed and not sent."""

import json
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from core import limits
from core.sent.fields import Field, texts_of

from .user import User


class KeptForm(models.Model):
    """What somebody has typed into a form and not sent, or sent without a session.

    It is of `person`, with one row for each form, or of somebody signed out (null). `path` is the
    address of the form, and `parent` its field of that name: a page has a reply to each comment.
    """

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="kept_forms"
    )
    # The account that signed up to send it, until that is confirmed: then it is the person's.
    signing_up = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="kept_to_send"
    )
    path = models.TextField()
    parent = models.CharField(max_length=20, blank=True, default="")
    # JSON: names of fields with their values.
    typed = models.TextField()
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)
    # It can be brought back for a while.
    thrown_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_draft_per_form",
                fields=["person", "path", "parent"],
                condition=Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"form for {self.path}"

    @property
    def address(self) -> str:
        """The address of the page that shows it."""
        return f"{self.path}?parent={self.parent}" if self.parent else self.path

    @cached_property
    def fields(self) -> QueryDict:
        """The fields as they were typed."""
        form = QueryDict(mutable=True)
        for name, values in json.loads(self.typed).items():
            form.setlist(name, values)
        return form

    @property
    def version(self) -> int:
        """The milliseconds at which it was saved, to tell it from what a browser has."""
        return int(self.kept_at.timestamp() * 1000)

    @property
    def is_thrown_away(self) -> bool:
        """Whether its writer has thrown it away, and may bring it back."""
        return self.thrown_away_at is not None

    @property
    def is_offered(self) -> bool:
        """Whether pages show it: a draft, or one thrown away so lately that it may be undone."""
        offered = timezone.now() - timedelta(seconds=limits.UNDO_OFFER)
        return self.thrown_away_at is None or self.thrown_away_at > offered

    @property
    def words(self) -> dict[str, Any]:
        """The value of each field for a form to be filled with; none of what is thrown away."""
        return {} if self.is_thrown_away else self.fields.dict()

    @property
    def texts(self) -> list[Field]:
        """What somebody typed, without what they chose."""
        return texts_of(self.fields)
