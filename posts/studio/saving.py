"""Saving a post's form: its words, its place and its publication, all or nothing."""

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User

from ..actions import publish, save_draft
from ..models import Post
from .forms import Act, PostForm
from .part_positions import put

# The words a form for a new post becomes.
FIRST_REVISION = 1


def made_with(form_key: UUID | None, author: User) -> Post | None:
    """Return the post that `author` made with a form sent before, or None."""
    if form_key is None:
        return None
    return Post.objects.editable_by(author).with_text().filter(form_key=form_key).first()


def save_new(form: PostForm, *, by: User) -> Post:
    """Save a new post.

    The same form sent twice makes one. Raises `ActionRefused`, `MarkupRefused`.
    """
    try:
        return save(form, None, by=by)
    except IntegrityError:
        post = made_with(form.cleaned_data["form_key"], by)
        if post is None:
            raise
        return save(form, post, by=by)


@transaction.atomic
def save(form: PostForm, post: Post | None, *, by: User) -> Post:
    """Save what a valid `form` says and do what its button asks for; return the post.

    Raises `ActionRefused` (409 if somebody saved other words meanwhile) and `MarkupRefused`.
    """
    data = form.cleaned_data
    if post is not None:
        post = Post.objects.select_for_update().get(pk=post.pk)
    saved = save_draft(
        post,
        by=by,
        title=data["title"],
        standfirst=data["standfirst"],
        body=data["body"],
        slug=data["slug"],
        language=data["language"],
        direction=form.direction,
        based_on=_based_on(form, post),
        form_key=data["form_key"],
    )
    put(saved, data["place"], by)
    if form.act == Act.PUBLISH:
        return publish(saved, by=by)
    if form.act == Act.SCHEDULE:
        return publish(saved, by=by, at=data["at"])
    return saved


def _based_on(form: PostForm, post: Post | None) -> int | None:
    """Return the revision the writer started from; the same words twice are no conflict."""
    if post is None or post.newest_revision is None:
        return None
    newest, data = post.newest_revision, form.cleaned_data
    words = (data["title"], data["standfirst"], data["body"])
    if words == (newest.title, newest.standfirst, newest.body):
        return None
    started: int | None = data["based_on"]
    return FIRST_REVISION if started is None else started
