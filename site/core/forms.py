"""Form fields for text that is published: cleaned and checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from . import text
from .numbers import LARGEST
from .zones import zone_names, zone_options

_TOO_SHORT = ngettext_lazy(
    "Write a little more: at least %(limit)d character.",
    "Write a little more: at least %(limit)d characters.",
    "limit",
)
_TOO_LONG = ngettext_lazy(
    "This is %(over)d character too long. Shorten it to %(limit)d, or split it.",
    "This is %(over)d characters too long. Shorten it to %(limit)d, or split it.",
    "over",
)


class SafeTextField(forms.CharField):
    """A text of several lines, cleaned and checked by `core.text`.

    `min_length` and `max_length` count characters (code points) of the cleaned text. The browser
    gets the limit as `data-limit` only: with `maxlength` it would cut off pasted text.
    """

    widget: type[forms.Widget] = forms.Textarea
    default_error_messages = {"required": _("Write something first.")}

    def __init__(
        self, *, min_length: int | None = None, max_length: int | None = None, **kwargs: Any
    ) -> None:
        self.least, self.limit = min_length, max_length
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the cleaned text."""
        return text.clean(super().to_python(value) or "")

    def run_validators(self, value: str) -> None:
        """Raise ValidationError for a text that is unsafe, too short or too long."""
        if value:
            self._check_length(value)
            try:
                text.check(value)
            except text.UnsafeText as unsafe:
                raise ValidationError(unsafe.message, unsafe.code) from unsafe

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the limit as an attribute, for the character counter."""
        return {} if self.limit is None else {"data-limit": self.limit}

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the typed text in a form that a page can show again."""
        return _encodable(data) if isinstance(data, str) else data

    def _check_length(self, value: str) -> None:
        if self.least is not None and len(value) < self.least:
            raise ValidationError(_TOO_SHORT, "min_length", {"limit": self.least})
        if self.limit is not None and len(value) > self.limit:
            over = len(value) - self.limit
            raise ValidationError(_TOO_LONG, "max_length", {"over": over, "limit": self.limit})


class NumberField(forms.IntegerField):
    """A whole number, 0 or more and none larger than a column holds."""

    def __init__(self, *, min_value: int = 0, max_value: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)


class ZoneSelect(forms.Select):
    """A choice of a time zone, by city."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the HTML of the whole list."""
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, zone_options(value or ""))


class ZoneField(forms.CharField):
    """The name of a time zone, one with an old name as well."""

    widget = ZoneSelect

    def validate(self, value: str) -> None:
        """Refuse what is no name of a zone."""
        super().validate(value)
        if value not in zone_names():
            said = _("That is not one of the time zones. Please choose one.")
            raise ValidationError(said, "invalid")


class SafeLineField(SafeTextField):
    """A text of one line, with single spaces: a title, a name, a label."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        """Return the cleaned line."""
        return " ".join(super().to_python(value).split())


def _encodable(typed: str) -> str:
    """Return `typed` with lone surrogates replaced, which UTF-8 cannot encode."""
    return typed.encode(errors="replace").decode()
