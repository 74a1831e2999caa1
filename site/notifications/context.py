"""Context processor: the number of unread notifications in the masthead."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.db.prepared import Prepared

from .models import Notification

# Unread notifications are counted up to here, so that more cost no page more.
COUNTED_TO = 100


def unread_notifications(request: HttpRequest) -> dict[str, object]:
    """Return `unread_notifications`, their number up to `COUNTED_TO`, counted when first used."""

    def count() -> int:
        if getattr(request, "public", True) or not request.user.is_authenticated:
            return 0
        return len(_UNREAD.rows(recipient=request.user.pk))

    return {"unread_notifications": SimpleLazyObject(count)}


_UNREAD = Prepared(
    lambda recipient: (
        Notification.objects.filter(recipient=recipient).unread().values_list("pk")[:COUNTED_TO]
    ),
    recipient=int,
)
