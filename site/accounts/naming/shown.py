"""Say what a person is called: the one rule for every page, feed, mail and export."""

from datetime import datetime


def shown_name(handle: str, name: str, hidden_at: datetime | str | None) -> str:
    """Return the display `name` of a person, or the `handle` without one or while it is hidden.

    The columns of a person rather than the person, since pages of comments read no models.
    """
    return handle if hidden_at else name or handle
