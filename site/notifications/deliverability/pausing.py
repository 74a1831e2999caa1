"""Tell whether articles are paused: everything that sends them by mail asks, once a batch."""

from ..kinds import article_kinds
from .models import ArticlePause


def articles_are_paused() -> bool:
    """Return whether no article may be sent by mail now, in one query."""
    return ArticlePause.objects.filter(is_current=True).exists()


def held_kinds() -> list[str]:
    """Return the names of the kinds whose mails wait: those of articles while these are paused."""
    kinds = article_kinds()
    return kinds if kinds and articles_are_paused() else []
