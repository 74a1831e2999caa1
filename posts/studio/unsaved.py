"""Tell what an author has typed into the form of a post and not saved from what is saved.

It is kept as a draft of the author's account (`accounts.drafts`); only saving makes a revision.
"""

from urllib.parse import unquote
from uuid import UUID

from django.http import QueryDict

from accounts.drafts import FormPlace
from accounts.models import User
from core.caching.reverse import cached_reverse
from core.numbers import number

from ..models import Post, Revision
from .forms import PostForm
from .forms.post import KEYS, sent_key


def place_of(post: Post | None, form_key: UUID | None = None) -> FormPlace:
    """Return the place of the form of `post`; with a `form_key`, of the form that created it."""
    if post is None or form_key is not None:
        return FormPlace(unquote(cached_reverse("posts:studio-post-create")))
    return FormPlace(unquote(cached_reverse("posts:studio-post", post.pk)))


def is_unsaved(author: User, post: Post | None, typed: QueryDict) -> bool:
    """Return whether `typed` differs from what is saved of `post`, or of a new one for None.

    A page may send an earlier state of a form later than the form.
    """
    if post is None and has_created(author, sent_key(typed.get("form_key"))):
        return False
    form = PostForm(typed, author=author, post=post)
    return any(name in typed for name in form.changed_data if name not in KEYS)


def has_created(author: User, form_key: UUID | None) -> bool:
    """Return whether `author` has saved the form of a new post with `form_key`."""
    own = Post.objects.filter(authorships__user=author)
    return form_key is not None and own.filter(form_key=form_key).exists()


def newer_than(words: dict[str, str], post: Post | None) -> Revision | None:
    """Return the revision of `post` that was saved after the draft `words` began, or None."""
    newest = post.newest_revision if post else None
    if newest is None or not words:
        return None
    return newest if number(words.get("based_on", "")) != newest.number else None
