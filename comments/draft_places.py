"""Where the drafts of the forms of a discussion belong: at the address of each form."""

import re
from collections.abc import Collection
from urllib.parse import unquote

from accounts.drafts import FormPlace
from core.caching.reverse import cached_reverse
from posts.models import Post

from .models import Comment


def of_comment(post: Post, parent: Comment | None) -> FormPlace:
    """Return the place of a comment on `post`, or of a reply to `parent`."""
    return FormPlace(_path("comments:answer", post.slug), str(parent.pk) if parent else "")


def of_edit(comment: Comment) -> FormPlace:
    """Return the place of a new text for `comment`."""
    return FormPlace(_path("comments:edit", comment.pk))


def of_flag(comment: Comment) -> FormPlace:
    """Return the place of a report of `comment`."""
    return FormPlace(_path("comments:flags", comment.pk))


def of_change(post: Post, comment: Comment | None) -> FormPlace:
    """Return the place of a change of mind that credits `comment`, or a paragraph of `post`."""
    if comment is None:
        return FormPlace(_path("comments:post-changes", post.slug))
    return FormPlace(_path("comments:changes", comment.pk))


def of_closing(post: Post) -> FormPlace:
    """Return the place of the closing summary of `post`."""
    return FormPlace(_path("comments:closing-edit", post.slug))


def is_of_page(path: str, post: Post, comments: Collection[int]) -> bool:
    """Return whether the form at `path` is of `post`, or of one of `comments`, ids, on its page."""
    found = _OF_COMMENT.search(path)
    if found:
        return int(found[1]) in comments
    own = (of_comment(post, None), of_closing(post), of_change(post, None))
    return path in [place.path for place in own]


# The forms about one comment: a new text, a report, a change of mind.
_OF_COMMENT = re.compile(r"/comments/(\d{1,19})/(?:edit|flags|changes)/$", re.ASCII)


def _path(name: str, argument: str | int) -> str:
    """Return the path of the form as a request has it, which may be in any script."""
    return unquote(cached_reverse(name, argument))
