"""What the masthead of a personal page says about notifications."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Notification


def unread_answers(request: HttpRequest) -> dict[str, object]:
    """Return `unread_answers`, how many the person has not seen; counted only if asked for."""

    def count() -> int:
        if getattr(request, "public", True) or not request.user.is_authenticated:
            return 0
        return Notification.objects.filter(recipient=request.user).unread().count()

    return {"unread_answers": SimpleLazyObject(count)}
