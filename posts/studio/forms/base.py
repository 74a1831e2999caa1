"""What all forms of the studio share: a failed write puts its reason into the form."""

import logging
from collections.abc import Callable
from typing import ClassVar, TypeVar

from django import forms
from django.db import DatabaseError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused

from ...slugs import SLUG_LENGTH

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

UNPROCESSABLE, UNAVAILABLE = 422, 503
_NOT_SAVED = _(
    "This could not be saved just now. Nothing is lost: everything you typed is still here. "
    "Please try again in a moment."
)


class StudioForm(forms.Form):
    """A form that knows the HTTP status of the page which shows it."""

    # Whose field it is when Markdown is refused.
    markup_field = ""
    failure = 0

    @property
    def status(self) -> int:
        """200 for a form as it is, else the status that says why it came back."""
        if self.failure:
            return self.failure
        return UNPROCESSABLE if self.is_bound and self.errors else 200

    def refuse(self, message: object, *, field: str = "", status: int = UNPROCESSABLE) -> None:
        """Put `message` beside `field`, or above the form, and remember the `status`."""
        self.is_valid()
        self.add_error(field if field in self.fields else None, str(message))
        self.failure = status

    def fill_again(self, name: str, value: str) -> None:
        """Let the page that shows what was sent have another `value` in the field `name`."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data[name] = value
        self.data = data


class AddressField(forms.SlugField):
    """The last part of a page's address; left empty, it is made from the title."""

    default_error_messages: ClassVar = {
        "invalid": _("Only letters, digits and hyphens fit into an address: like-this.")
    }

    def __init__(self) -> None:
        super().__init__(
            label=_("Address"),
            max_length=SLUG_LENGTH,
            required=False,
            help_text=_("The last part of its address. Small letters, digits and hyphens."),
        )


def attempt(form: StudioForm, write: Callable[[], Result]) -> Result | None:
    """Return what `write` makes of a valid `form`, or None; the form then says why not."""
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
