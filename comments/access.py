"""Fetching and authorising in one act: 404 for what is invisible, 403 for what is refused."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
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
from posts.models import Authorship, Post, Stance
from posts.querysets import PostQuerySet

from .models import ChangeOfMind, Comment
from .querysets import CommentQuerySet

# No account has it.
NOBODY = 0
_PLACE = (
    "parent",
    "thread",
    "path",
    "depth",
    "is_shown",
    "thread_published_at",
    "state",
    "deleted_at",
)
_POST = ("post__slug", "post__front")


def get_post(user: Any, slug: str) -> Post:
    """Return the post with its question, without its text; 404 unless `user` may read it."""
    reader = user.pk or NOBODY
    found = _post(_roles(user)).objects(slug=slug, now=timezone.now(), reader=reader)
    if not found:
        raise Http404
    post: Post = found[0]
    set_prefetched(post, "authorships", _AUTHORSHIPS.objects(post=post.pk))
    question = post.question_or_none
    if question is not None:
        set_prefetched(question, "stances", _STANCES.objects(question=question.pk))
    return post


def get_comment(user: Any, pk: int) -> Comment:
    """Return the comment; 404 unless `user` may see its place and read its post."""
    comment = _visible_comment(user, pk)
    comment.post = _readable_post(Post.objects.visible_to(user).with_text(), pk=comment.post_id)
    return comment


def get_place(user: Any, pk: int) -> Comment:
    """Return where a comment stands, without its text; 404 unless `user` may see it and its post.

    `text_length` is that of its HTML. One query: to follow a permalink costs little more than the
    page that it leads to.
    """
    found = _place(_roles(user)).objects(pk=pk, now=timezone.now(), reader=user.pk or NOBODY)
    if not found:
        raise Http404
    comment: Comment = found[0]
    return comment


def get_change(user: Any, pk: int) -> ChangeOfMind:
    """Return the change of mind with all that its line names; 404 unless `user` may read its post.

    Moderators find it also when it is removed; what was taken back nobody finds.
    """
    moderates = user.is_authenticated and user.is_moderator
    rows = ChangeOfMind.objects.shown() if moderates else ChangeOfMind.objects.readable()
    visible = rows.filter(post__in=Post.objects.visible_to(user)).with_words()
    return get_object_or_404(visible.select_related("giver", "post__live_revision"), pk=pk)


def get_comment_for(
    user: Any, pk: int, may: Callable[[Any, Comment], bool], refusal: str | LazyText = ""
) -> Comment:
    """Return the comment if `may(user, comment)`; 404 if invisible, 403 if refused."""
    comment = get_comment(user, pk)
    if not may(user, comment):
        raise PermissionDenied(str(refusal) or _("This is not yours to change, or no longer."))
    return comment


def get_parent(user: Any, post: Post, pk: int) -> Comment:
    """Return the comment under `post` that a reply names; 404 for any other."""
    found = _parent(_roles(user)).objects(pk=pk, reader=user.pk or NOBODY)
    if not found or found[0].post_id != post.pk or not found[0].is_shown:
        raise Http404
    comment: Comment = found[0]
    comment.post = post
    return comment


def _readable_post(posts: PostQuerySet, **which: Any) -> Post:
    related = posts.select_related("question__version")
    return get_object_or_404(related.prefetch_related("authorships", "question__stances"), **which)


def _visible_comment(user: Any, pk: int) -> Comment:
    comments = Comment.objects.visible_to(user).with_people()
    related = comments.select_related("thread", "parent__author", "question_version")
    return get_object_or_404(related, pk=pk)


def _roles(user: Any) -> frozenset[str]:
    return user.roles if user.is_authenticated else frozenset()


def _somebody(pk: int, roles: frozenset[str]) -> User:
    """Return a person with `roles`, to ask the gate what such a person sees."""
    person = User(pk=pk)
    person.roles = roles
    return person


@cache
def _post(roles: frozenset[str]) -> Prepared:
    """Return the query for a post that somebody with `roles` may read, with its question."""

    def build(slug: str, now: datetime, reader: int) -> PostQuerySet:
        posts = Post.objects.visible_to(_somebody(reader, roles), now).filter(slug=slug)
        return posts.select_related("question__version").order_by()

    return Prepared(build, slug=str, now=datetime, reader=int)


@cache
def _place(roles: frozenset[str]) -> Prepared:
    """Return the query for where a comment stands that somebody with `roles` may see."""

    def build(pk: int, now: datetime, reader: int) -> CommentQuerySet:
        somebody = _somebody(reader, roles)
        comments = Comment.objects.visible_to(somebody).filter(pk=pk).order_by()
        readable = comments.filter(post__in=Post.objects.visible_to(somebody, now))
        places = readable.select_related("post").only(*_PLACE, *_POST)
        return places.annotate(text_length=Length("body_html"))

    return Prepared(build, pk=int, now=datetime, reader=int)


@cache
def _parent(roles: frozenset[str]) -> Prepared:
    """Return the query for a comment whose place somebody with `roles` may see, and its writer."""

    def build(pk: int, reader: int) -> CommentQuerySet:
        comments = Comment.objects.visible_to(_somebody(reader, roles))
        return comments.select_related("author").filter(pk=pk)

    return Prepared(build, pk=int, reader=int)


_AUTHORSHIPS = Prepared(lambda post: Authorship.objects.filter(post=post), post=int)
_STANCES = Prepared(lambda question: Stance.objects.filter(question=question), question=int)
