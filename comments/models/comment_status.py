"""Properties of one comment without a query, shared by the model and `CommentRow`."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from core import limits

from ..choices import CommentState

# Levels below a root: deeper chains are dialogues of two people; Lobsters has the same limit.
# It is part of a column constraint, so unlike other limits it is no setting.
MAX_DEPTH = 18
# Each card asks several times, and a member of an enumeration takes longer to read than the rest.
_PUBLISHED = CommentState.PUBLISHED.value


class CommentStatus:
    """Questions about one comment that its own columns answer."""

    __slots__ = ()

    author_id: int
    argues_for_id: int | None
    state: str
    depth: int
    deleted_at: datetime | str | None

    if TYPE_CHECKING:

        @property
        def created_at(self) -> datetime:
            """When it was written."""

    @property
    def is_readable(self) -> bool:
        """Whether everyone who may read the post may read its text: published and not deleted."""
        return self.state == _PUBLISHED and self.deleted_at is None

    @property
    def is_deleted(self) -> bool:
        """Whether its writer deleted it."""
        return self.deleted_at is not None

    @property
    def is_root(self) -> bool:
        """Whether it starts a thread."""
        return self.depth == 0

    @property
    def takes_depth(self) -> bool:
        """Whether a reply to it is within `MAX_DEPTH`."""
        return self.depth < MAX_DEPTH

    def is_within_edit_window(self, now: datetime | None = None) -> bool:
        """Return whether its writer may still edit text and stance without public history."""
        return self._age(now) <= limits.EDIT_WINDOW

    def is_within_history_window(self, now: datetime | None = None) -> bool:
        """Return whether its writer may still edit the text, with public history."""
        return self._age(now) <= limits.EDIT_HISTORY_WINDOW

    def _age(self, now: datetime | None) -> float:
        """Return the seconds since it was written."""
        return ((now or timezone.now()) - self.created_at).total_seconds()
