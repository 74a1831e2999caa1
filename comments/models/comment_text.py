"""Texts as columns that are read only where a query asks for them."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from ..querysets import READABLE

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    CharField = models.CharField[str, str]
else:
    TextField = models.TextField
    CharField = models.CharField


class TextWithheldError(RuntimeError):
    """Raised for a text of a row that was read without it."""


class _WithheldAttribute(DeferredAttribute):
    """Return a text as the query read it; never fetch it afterwards."""

    def __get__(self, instance: Any, cls: type | None = None) -> Any:
        """Return the text, or the part of it that the asker may read: all or nothing.

        The field stays deferred, so that saving the row cannot write the empty text over the other.
        """
        if instance is None:
            return self
        name, values = self.field.attname, instance.__dict__
        if name in values:
            return values[name]
        try:
            return values[f"{READABLE}{name}"]
        except KeyError:
            raise TextWithheldError(f"{instance} was read without its {name}") from None


class CommentTextField(TextField):
    """A text that is not fetched when a row that was read without it is asked for it."""

    descriptor_class = _WithheldAttribute

    def deconstruct(self) -> Any:
        """Return what migrations know it as: a plain text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class WithheldLineField(CharField):
    """The same for a text of limited length."""

    descriptor_class = _WithheldAttribute

    def deconstruct(self) -> Any:
        """Return what migrations know it as: a plain text of limited length."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
