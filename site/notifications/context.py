"""Context processor: the number of unread notifications in the masthead."""

from django.db.models import Count
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.db.prepared import Prepared

from .models import Notification


def unread_answers(request: HttpRequest) -> dict[str, object]:
    """Return `unread_answers`, the number of unread notifications, counted when first used."""

    def count() -> int:
        if getattr(request, "public", True) or not request.user.is_authenticated:
            return 0
        found = _UNREAD.rows(recipient=request.user.pk)
        return int(found[0][0]) if found else 0

    return {"unread_answers": SimpleLazyObject(count)}


_UNREAD = Prepared(
    lambda recipient: (
        Notification.objects.filter(recipient=recipient)
        .unread()
        .values("recipient")
        .annotate(number=Count("pk"))
        .values_list("number")
    ),
    recipient=int,
)
