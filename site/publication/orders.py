"""Know which orders of comments a site may leave out: a registry that the discussion fills."""

from typing import Any

_labels: dict[str, Any] = {}


def register(key: str, label: Any) -> None:
    """Let admins leave out the order `key`, which menus call `label`."""
    _labels[key] = label


def choices() -> list[tuple[str, Any]]:
    """Return key and label of each order that may be left out, as a form's choices."""
    return list(_labels.items())
