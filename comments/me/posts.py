"""The titles and addresses of the posts that a person's own pages name."""

from typing import Any

from notifications.kinds import Place
from posts.models import Part, Post


def with_titles(rows: Any, relation: str = "post") -> Any:
    """Return the QuerySet `rows` with the titles of their posts loaded, but not their texts."""
    live = f"{relation}__live_revision"
    loaded = rows.select_related(live, f"{relation}__part")
    return loaded.defer(f"{live}__body", f"{live}__body_html")


def place_of(post: Post) -> Place:
    """Return where notifications about `post` are gathered; without a title while it is not out."""
    part: Part | None = getattr(post, "part", None)
    targets = [("post", post.pk), *([("series", part.series_id)] if part else [])]
    if not post.is_published():
        return Place(post.pk, "", "", tuple(targets))
    return Place(post.pk, post.title, post.get_absolute_url(), tuple(targets))
