"""Fetch and authorise in one act: 404 for invisible rows, 403 for refused actions.

Whether the article is still there is asked again where the request writes (`ask_again`).
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Length
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.prepared import Prepared, set_prefetched
from core.db.transactions import also_on_condition
from core.exceptions import ActionRefused
from posts.models import Authorship, Post, Stance
from posts.querysets import PostQuerySet

from .models import ChangeOfMind, Comment
from .permissions import can_delete, can_know_of
from .querysets import CommentQuerySet, text_for_all

# The id of no account.
NOBODY = 0
_PLACE = (
    "parent",
    "author",
    "thread",
    "path",
    "depth",
    "is_shown",
    "thread_published_at",
    "state",
    "published_at",
    "deleted_at",
)
_POST = ("post__slug", "post__front", "post__question__reveal", "post__question__closes_at")


def get_post(user: Any, slug: str) -> Post:
    """Return the post with its question, without its text; 404 unless `user` may read it."""
    reader = user.pk or NOBODY
    found = _post(_roles(user)).objects(slug=slug, now=timezone.now(), reader=reader)
    if not found:
        raise Http404
    ask_again(user, found[0].pk)
    return _with_people_and_stances(found[0])


def get_asking_post(user: Any, slug: str) -> Post:
    """Return the post as `get_post` does; 404 if it asks no question, too."""
    post = get_post(user, slug)
    if post.question_or_none is None:
        raise Http404(_("This article asks no question."))
    return post


def get_comment(user: Any, pk: int) -> Comment:
    """Return the comment with its text, if `user` may read it; 404 unless its place is visible."""
    found = _comment(_roles(user)).objects(pk=pk, reader=user.pk or NOBODY)
    if not found:
        raise Http404
    comment: Comment = found[0]
    comment.post = _readable_post(user, comment.post_id)
    return comment


def get_place(user: Any, pk: int) -> Comment:
    """Return the place of a comment, without its text; 404 unless `user` may know of it.

    It may be gone, and shown nowhere. `text_length` is that of its HTML, 0 for a text that not
    everyone may read. One query: following a permalink costs little more than the page behind it.
    """
    found = _place(_roles(user)).objects(pk=pk, now=timezone.now(), reader=user.pk or NOBODY)
    if not found or not can_know_of(user, found[0]):
        raise Http404
    comment: Comment = found[0]
    return comment


def get_gone(user: Any, place: Comment) -> Comment:
    """Return the comment at `place` (`get_place`) for the page in place of what is gone.

    It has its text if `user` is its writer or a moderator, and its post with the title.
    """
    comments = Comment.objects.with_people().with_text_at_permalink(user)
    return comments.select_related("post__live_revision").get(pk=place.pk)


def get_change(user: Any, pk: int) -> ChangeOfMind:
    """Return the change of mind with its people and answers; 404 unless `user` may read its post.

    Moderators find removed ones, too; revoked ones are found by nobody.
    """
    moderates = user.is_authenticated and user.is_moderator
    rows = ChangeOfMind.objects.shown() if moderates else ChangeOfMind.objects.readable()
    visible = rows.filter(post__in=Post.objects.visible_to(user)).with_words_for(user)
    change = get_object_or_404(visible.select_related("giver", "post__live_revision"), pk=pk)
    ask_again(user, change.post_id)
    return change


def get_comment_for(
    user: Any, pk: int, may: Callable[[Any, Comment], bool], refusal: str | LazyText = ""
) -> Comment:
    """Return the comment if `may(user, comment)`; 404 if invisible, 403 if refused."""
    comment = get_comment(user, pk)
    if not may(user, comment):
        raise PermissionDenied(str(refusal) or _("Only the writer of this comment can do that."))
    return comment


def get_own(user: User, pk: int) -> Comment:
    """Return the comment of `user` with its text, also under an article that was taken back.

    404 for a comment that is invisible to them, 403 for that of somebody else.
    """
    own = Comment.objects.filter(author=user).with_people().with_text_for(user)
    found = own.select_related("post__live_revision").filter(pk=pk).first()
    return found or get_comment_for(user, pk, can_delete)


def get_parent(user: Any, post: Post, pk: int) -> Comment:
    """Return the comment under `post` that a reply names, with its text where `user` may read it.

    404 for all others: a reply needs a place in public, which is no right to the text there.
    """
    found = _parent(_roles(user)).objects(pk=pk, reader=user.pk or NOBODY)
    if not found or found[0].post_id != post.pk or not found[0].is_shown:
        raise Http404
    comment: Comment = found[0]
    comment.post = post
    return comment


def _readable_post(user: Any, pk: int) -> Post:
    """Return the post with its text and question; 404 unless `user` may read it."""
    found = _post_with_text(_roles(user)).objects(
        pk=pk, now=timezone.now(), reader=user.pk or NOBODY
    )
    if not found:
        raise Http404
    ask_again(user, pk)
    return _with_people_and_stances(found[0])


def ask_again(user: Any, post: int) -> None:
    """Refuse what the rest of this request writes once `user` may not read `post` any more.

    For views behind a decorator of `accounts.guards` that asks again, and within it.
    """
    also_on_condition(partial(_refuse_if_taken_back, user, post))


def _refuse_if_taken_back(user: Any, post: int) -> None:
    """Raise `ActionRefused` (404) if `user` may not read `post` any more."""
    readable = _readable(_roles(user))
    if not readable.rows(pk=post, now=timezone.now(), reader=user.pk or NOBODY):
        raise ActionRefused(
            _("This article is no longer published. Nothing was changed."), status=404
        )


def _with_people_and_stances(post: Post) -> Post:
    """Return `post` with its authorships, and its question, if there is one, with its stances."""
    set_prefetched(post, "authorships", _AUTHORSHIPS.objects(post=post.pk))
    question = post.question_or_none
    if question is not None:
        set_prefetched(question, "stances", _STANCES.objects(question=question.pk))
    return post


def _roles(user: Any) -> frozenset[str]:
    return user.roles if user.is_authenticated else frozenset()


def _person_with(pk: int, roles: frozenset[str]) -> User:
    """Return a person with `roles`, as an argument of `visible_to`."""
    person = User(pk=pk)
    person.roles = roles
    return person


@cache
def _post(roles: frozenset[str]) -> Prepared:
    """Return the query for a post that a person with `roles` may read, with its question."""

    def build(slug: str, now: datetime, reader: int) -> PostQuerySet:
        posts = Post.objects.visible_to(_person_with(reader, roles), now).filter(slug=slug)
        return posts.select_related("question__version").order_by()

    return Prepared(build, slug=str, now=datetime, reader=int)


@cache
def _post_with_text(roles: frozenset[str]) -> Prepared:
    """Return the query for a post, with its text, that a person with `roles` may read."""

    def build(pk: int, now: datetime, reader: int) -> PostQuerySet:
        posts = Post.objects.visible_to(_person_with(reader, roles), now).with_text()
        return posts.select_related("question__version").filter(pk=pk).order_by()

    return Prepared(build, pk=int, now=datetime, reader=int)


@cache
def _readable(roles: frozenset[str]) -> Prepared:
    """Return the query whether a person with `roles` may read a post."""

    def build(pk: int, now: datetime, reader: int) -> Any:
        posts = Post.objects.visible_to(_person_with(reader, roles), now).filter(pk=pk)
        return posts.order_by().values_list("pk")

    return Prepared(build, pk=int, now=datetime, reader=int)


@cache
def _comment(roles: frozenset[str]) -> Prepared:
    """Return the query for a comment whose place a person with `roles` may see, for its pages."""

    def build(pk: int, reader: int) -> CommentQuerySet:
        person = _person_with(reader, roles)
        comments = Comment.objects.visible_to(person).with_people().with_text_for(person)
        related = comments.select_related("thread", "parent__author", "question_version")
        related = related.without_text("thread__")
        if not person.is_moderator:
            related = related.without_text("parent__")
        return related.filter(pk=pk).order_by()

    return Prepared(build, pk=int, reader=int)


@cache
def _place(roles: frozenset[str]) -> Prepared:
    """Return the query for the place of a comment under a post that `roles` may read."""

    def build(pk: int, now: datetime, reader: int) -> CommentQuerySet:
        person = _person_with(reader, roles)
        readable = Comment.objects.filter(pk=pk, post__in=Post.objects.visible_to(person, now))
        places = readable.order_by().select_related("post__question").only(*_PLACE, *_POST)
        return places.annotate(text_length=Length(text_for_all()))

    return Prepared(build, pk=int, now=datetime, reader=int)


@cache
def _parent(roles: frozenset[str]) -> Prepared:
    """Return the query for a comment whose place a person with `roles` may see, and its writer."""

    def build(pk: int, reader: int) -> CommentQuerySet:
        person = _person_with(reader, roles)
        comments = Comment.objects.visible_to(person)
        return comments.select_related("author").with_text_for(person).filter(pk=pk)

    return Prepared(build, pk=int, reader=int)


_AUTHORSHIPS = Prepared(lambda post: Authorship.objects.filter(post=post), post=int)
_STANCES = Prepared(lambda question: Stance.objects.filter(question=question), question=int)
