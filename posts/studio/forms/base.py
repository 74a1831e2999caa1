"""Define the base of all studio forms: a failed write adds its reason to the form."""

import logging
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db import DatabaseError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused

from ...slugs import SLUG_LENGTH, cleaned_slug, is_slug

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

UNPROCESSABLE, UNAVAILABLE = 422, 503
_NOT_SAVED = _(
    "This could not be saved just now. Nothing is lost: everything you typed is still here. "
    "Please try again in a moment."
)


class StudioForm(forms.Form):
    """Define a form that knows the HTTP status of the page that shows it."""

    # The name of the field with Markdown, which shows the reason if that cannot be rendered.
    markup_field = ""
    # The HTTP status of a refused write, 0 if none was refused.
    failure = 0

    @property
    def status(self) -> int:
        """Return 200, 422 for an invalid form, or the status of a refused write."""
        if self.failure:
            return self.failure
        return UNPROCESSABLE if self.is_bound and self.errors else 200

    def refuse(self, message: object, *, field: str = "", status: int = UNPROCESSABLE) -> None:
        """Add the error `message` to `field`, or to the whole form, and store the `status`."""
        self.is_valid()
        self.add_error(field if field in self.fields else None, str(message))
        self.failure = status

    def fill_again(self, name: str, value: str) -> None:
        """Replace the sent value of the field `name`, so that the form shows `value` again."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data[name] = value
        self.data = data


class AddressField(forms.CharField):
    """Accept the last part of a page's address; an empty one is made from the title.

    Cleans to a slug in small letters.
    """

    default_error_messages: ClassVar = {
        "invalid": _("Use only letters, digits and hyphens in an address, like-this.")
    }

    def __init__(self) -> None:
        super().__init__(
            label=_("Address"),
            max_length=SLUG_LENGTH,
            required=False,
            help_text=_("The last part of the link. Small letters, digits and hyphens."),
        )

    def clean(self, value: Any) -> str:
        """Return the slug; raise `ValidationError` for text that cannot be one."""
        slug = cleaned_slug(super().clean(value))
        if slug and not is_slug(slug):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return slug


def attempt(form: StudioForm, write: Callable[[], Result]) -> Result | None:
    """Return the result of `write` for a valid `form`, or None with the reason in the form.

    Catches `ActionRefused`, `MarkupRefused` and `DatabaseError`.
    """
    if not form.is_valid():
        return None
    try:
        return write()
    except ActionRefused as refused:
        form.refuse(refused.message, field=refused.field, status=refused.status)
    except MarkupRefused as refused:
        form.refuse(refused.message, field=form.markup_field)
    except DatabaseError:
        logger.exception("an author's text could not be saved")
        form.refuse(_NOT_SAVED, status=UNAVAILABLE)
    return None
