"""Provide what the heading of all pages about one post shows."""

from datetime import datetime
from typing import Any

from ..actions.announcements import due_of
from ..models import Post


def head_of(post: Post, now: datetime | None = None) -> dict[str, Any]:
    """Return the state of `post`, and when followers get it by e-mail, if that can be stopped."""
    return {"post": post, "state": post.state(now), "mail_due": due_of(post)}
