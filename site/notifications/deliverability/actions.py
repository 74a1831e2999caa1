"""Pause the mail of articles and go on: by the figures of a week, or by hand."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Role, User
from core.db.transactions import retried

from ..actions import News, notify_all
from .figures import Figures
from .kinds import ARTICLES_PAUSED
from .models import ArticlePause, PauseReason


def pause_if_bad(figures: Figures, now: datetime) -> bool:
    """Pause articles if `figures` pass a limit; return whether this call did."""
    if figures.has_many_complaints:
        return _pause(PauseReason.COMPLAINTS, figures, now, by=None)
    if figures.has_many_bounces:
        return _pause(PauseReason.BOUNCES, figures, now, by=None)
    return False


def pause(figures: Figures, *, by: User, now: datetime | None = None) -> bool:
    """Pause articles by hand; return False if they are paused already."""
    return _pause(PauseReason.BY_HAND, figures, now or timezone.now(), by=by)


@retried
def go_on(pk: int, *, by: User, now: datetime | None = None) -> bool:
    """End the pause `pk`; return False if it has ended before. Only later events count then."""
    current = ArticlePause.objects.filter(pk=pk, is_current=True)
    return bool(current.update(is_current=False, ended_at=now or timezone.now(), ended_by=by))


@retried
def _pause(reason: PauseReason, figures: Figures, now: datetime, *, by: User | None) -> bool:
    """Store the pause and notify all admins but `by`; False if there is one, or one was faster."""
    made, is_new = ArticlePause.objects.get_or_create(
        is_current=True,
        defaults={
            "reason": reason,
            "sent": figures.sent,
            "bounces": figures.bounces,
            "complaints": figures.complaints,
            "paused_at": now,
            "paused_by": by,
        },
    )
    if is_new:
        admins = User.objects.public().filter(role_grants__role=Role.ADMIN)
        news = (News(pk, made.pk, made.pk) for pk in admins.values_list("pk", flat=True).distinct())
        notify_all(ARTICLES_PAUSED, list(news), cause=by)
    return is_new
