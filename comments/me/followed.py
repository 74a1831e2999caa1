"""What can be followed of comments: a thread."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.targets import Key, Target, TargetType, register
from posts.models import Post

from ..models import Comment
from .posts import with_titles

THREAD = "thread"


def threads(reader: Any, keys: Collection[Key]) -> Mapping[Key, Target]:
    """Return the threads that everyone can see, under posts that `reader` may read.

    One that begins with a comment which is gone names nobody.
    """
    found = Comment.objects.filter(
        pk__in=[key.id for key in keys],
        parent=None,
        is_shown=True,
        post__in=Post.objects.visible_to(reader),
    )
    rows = with_titles(found.select_related("author").without_text())
    by_id = {root.pk: Target(_title(root), root.get_absolute_url()) for root in rows}
    return {key: by_id[key.id] for key in keys if key.id in by_id and not key.detail}


def _title(root: Comment) -> str:
    if not root.is_readable:
        return _("A thread on “%(title)s”") % {"title": root.post.title}
    words = {"name": root.author.display_name, "title": root.post.title}
    return _("The thread by %(name)s on “%(title)s”") % words


register(
    TargetType(
        THREAD,
        gettext_lazy("Threads"),
        gettext_lazy("Follow this thread"),
        gettext_lazy("New replies in this thread."),
        threads,
    )
)
