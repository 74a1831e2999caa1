"""Save a post's form in one transaction: its text, its part of a series and its publication."""

from uuid import UUID

from django.db import IntegrityError

from accounts import drafts
from accounts.models import User
from core.db.transactions import retried

from ..actions import publish, save_draft
from ..actions.announcements import choose_mail
from ..actions.locking import locked
from ..models import Post
from .forms import Act, PostForm
from .part_positions import move_to_position
from .unsaved import place_of

# The number of the revision that the form of a new post creates.
FIRST_REVISION = 1


def find_by_form_key(form_key: UUID | None, author: User) -> Post | None:
    """Return the post that `author` created by sending the same form before, or None."""
    if form_key is None:
        return None
    own = Post.objects.filter(authorships__user=author)
    return own.with_text().filter(form_key=form_key).first()


def save_new(form: PostForm, *, by: User) -> Post:
    """Save a valid `form` as a new post and return it; the same form sent twice creates one.

    Raises `ActionRefused`, `MarkupRefused`.
    """
    try:
        return save(form, None, by=by)
    except IntegrityError:
        post = find_by_form_key(form.cleaned_data["form_key"], by)
        if post is None:
            raise
        return save(form, post, by=by)


@retried
def save(form: PostForm, post: Post | None, *, by: User) -> Post:
    """Save a valid `form` to `post`, or a new one, publish it if asked to, and return it.

    The author's draft of the form goes with it, unless another page has saved a newer one. Of what
    is no text, only what the form changed is saved.

    Raises `ActionRefused` (status 409 if another author saved a revision meanwhile) and
    `MarkupRefused`.
    """
    data = form.cleaned_data
    if post is not None:
        post = locked(post)
    drafts.forget_from(by.pk, place_of(post, data["form_key"]), form.page)
    keeps_language = post is not None and not form.is_changed("language")
    language = post.language if post and keeps_language else data["language"]
    saved = save_draft(
        post,
        by=by,
        title=data["title"],
        standfirst=data["standfirst"],
        body=data["body"],
        slug=data["slug"],
        language=language,
        direction=Post.Direction.of(language),
        based_on=_based_on(form, post),
        form_key=data["form_key"],
    )
    if form.is_changed("place"):
        move_to_position(saved, data["place"], by)
    if data["mailed_as"] and form.is_changed("mailed_as"):
        choose_mail(saved, data["mailed_as"])
    if form.act == Act.PUBLISH:
        return publish(saved, by=by)
    if form.act == Act.SCHEDULE:
        return publish(saved, by=by, at=data["at"])
    return saved


def _based_on(form: PostForm, post: Post | None) -> int | None:
    """Return the number of the revision the author started from, None if no text changed.

    Saving the newest text again is then no conflict.
    """
    if post is None or post.newest_revision is None:
        return None
    newest, data = post.newest_revision, form.cleaned_data
    text = (data["title"], data["standfirst"], data["body"])
    if text == (newest.title, newest.standfirst, newest.body):
        return None
    started: int | None = data["over"] or data["based_on"]
    return FIRST_REVISION if started is None else started
