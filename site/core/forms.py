"""Form fields for text that other people will read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from . import text

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
    """A text of several lines, tidied and checked by `core.text`; it keeps what was typed.

    `min_length` and `max_length` count characters (code points) of the tidied text. The browser is
    told the limit in `data-limit` only: with `maxlength` it would cut off what somebody pastes.
    """

    widget: type[forms.Widget] = forms.Textarea
    default_error_messages = {"required": _("Write something first.")}

    def __init__(
        self, *, min_length: int | None = None, max_length: int | None = None, **kwargs: Any
    ) -> None:
        self.least, self.limit = min_length, max_length
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the tidied text."""
        return text.clean(super().to_python(value) or "")

    def run_validators(self, value: str) -> None:
        """Refuse what is unsafe, too short or too long, in a sentence that says what to do."""
        if value:
            self._check_length(value)
            try:
                text.check(value)
            except text.UnsafeText as unsafe:
                raise ValidationError(unsafe.message, unsafe.code) from unsafe

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the limit, for a counter."""
        return {} if self.limit is None else {"data-limit": self.limit}

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what was typed, as a page can show it again."""
        return _encodable(data) if isinstance(data, str) else data

    def _check_length(self, value: str) -> None:
        if self.least is not None and len(value) < self.least:
            raise ValidationError(_TOO_SHORT, "min_length", {"limit": self.least})
        if self.limit is not None and len(value) > self.limit:
            over = len(value) - self.limit
            raise ValidationError(_TOO_LONG, "max_length", {"over": over, "limit": self.limit})


class SafeLineField(SafeTextField):
    """A text of one line, with single blanks: a title, a name, a label."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        """Return the tidied line."""
        return " ".join(super().to_python(value).split())


def _encodable(typed: str) -> str:
    """Return `typed` without halves of characters, which no page can be encoded with."""
    return typed.encode(errors="replace").decode()
