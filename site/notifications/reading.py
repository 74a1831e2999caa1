"""Load what notifications say, as far as their recipient may read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import User

from .kinds import Content, Loader, NotificationKind, kind_of, loader_of
from .models import Notification


@dataclass(frozen=True)
class InboxRow:
    """A notification with its kind and its content."""

    notification: Notification
    kind: NotificationKind
    content: Content

    @property
    def is_unread(self) -> bool:
        """Whether the notification is not read."""
        return self.notification.read_at is None


def read(person: User | AnonymousUser, notifications: Iterable[Notification]) -> list[InboxRow]:
    """Return the rows of those of `notifications` that `person` can still read, in their order.

    Each loader that is needed runs once, so that the queries do not grow with the rows.
    """
    known = [(row, kind) for row in notifications if (kind := kind_of(row.kind))]
    batches: dict[Loader, list[Notification]] = defaultdict(list)
    for row, kind in known:
        batches[loader_of(kind)].append(row)
    contents: dict[int, Content] = {}
    for loader, rows in batches.items():
        contents.update(loader(person, rows))
    return [InboxRow(row, kind, contents[row.pk]) for row, kind in known if row.pk in contents]
