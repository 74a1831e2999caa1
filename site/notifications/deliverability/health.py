"""Tell operators that articles are paused: at `/readyz`, and in `manage.py check`."""

from typing import Any

from django.core import checks
from django.db import DatabaseError

from .models import ArticlePause


def line() -> str:
    """Return the line that `/readyz` prints."""
    pause = _current()
    if pause is None:
        return "articles by mail: not paused"
    return f"articles by mail: paused since {pause.paused_at:%Y-%m-%d %H:%M} UTC ({pause.reason})"


@checks.register()
def check_pause(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of a pause, whenever `manage.py` checks the site."""
    try:
        pause = _current()
    except DatabaseError:  # not reached, or not migrated yet
        return []
    if pause is None:
        return []
    hint = "An admin sees the figures at /settings/articles/ and can go on there."
    warning = f"Articles are not sent by mail since {pause.paused_at:%Y-%m-%d}: {pause.reason}."
    return [checks.Warning(warning, hint=hint, id="notifications.W002")]


def _current() -> ArticlePause | None:
    return ArticlePause.objects.filter(is_current=True).first()
