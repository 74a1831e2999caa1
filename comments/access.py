"""Fetching and authorising in one act: 404 for what is invisible, 403 for what is refused."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from posts.models import Post
from posts.querysets import PostQuerySet

from .models import Comment

_PLACE = ("parent", "thread", "path", "depth", "is_shown", "thread_published_at", "post__slug")


def get_post(user: Any, slug: str) -> Post:
    """Return the post with its question, without its text; 404 unless `user` may read it."""
    return _readable_post(Post.objects.visible_to(user), slug=slug)


def get_comment(user: Any, pk: int) -> Comment:
    """Return the comment; 404 unless `user` may see its place and read its post."""
    comment = _visible_comment(user, pk)
    comment.post = _readable_post(Post.objects.visible_to(user).with_text(), pk=comment.post_id)
    return comment


def get_place(user: Any, pk: int) -> Comment:
    """Return where a comment stands, without its text; 404 unless `user` may see it and its post.

    One query: to follow a permalink costs little more than the page that it leads to.
    """
    comments = Comment.objects.visible_to(user).filter(post__in=Post.objects.visible_to(user))
    return get_object_or_404(comments.select_related("post").only(*_PLACE), pk=pk)


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
    comments = Comment.objects.visible_to(user).select_related("author")
    comment = get_object_or_404(comments, pk=pk)
    if comment.post_id != post.pk or not comment.is_shown:
        raise Http404
    comment.post = post
    return comment


def _readable_post(posts: PostQuerySet, **which: Any) -> Post:
    related = posts.select_related("question__version")
    return get_object_or_404(related.prefetch_related("authorships", "question__stances"), **which)


def _visible_comment(user: Any, pk: int) -> Comment:
    comments = Comment.objects.visible_to(user).with_people()
    related = comments.select_related("thread", "parent__author", "question_version")
    return get_object_or_404(related, pk=pk)
