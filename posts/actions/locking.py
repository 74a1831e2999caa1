"""Lock a post for a write of its authors, who never change one that is in the bin."""

from django.utils.translation import gettext as _

from core.exceptions import ActionRefused

from ..models import Post


def locked(post: Post) -> Post:
    """Return `post` read again, locked until the transaction ends (SQLite locks all rows).

    Raises `ActionRefused` for a post in the bin, and (404) for one that was deleted there.
    """
    found = locked_in_bin_too(post)
    if found.binned_at is not None:
        raise ActionRefused(_("This draft is in the bin. Bring it back first."))
    return found


def locked_in_bin_too(post: Post) -> Post:
    """Return `post` as `locked` does, also one that is in the bin."""
    found = Post.objects.select_for_update().filter(pk=post.pk).first()
    if found is None:
        raise ActionRefused(_("This draft is no longer there."), status=404)
    return found
