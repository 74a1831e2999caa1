"""Fetch and authorise in one step: 404 for an invisible row, 403 for one of another author."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User

from ..models import Part, Post, Promise, Question, Series


def get_post(user: User, pk: int) -> Post:
    """Return the post with its revisions, part and question.

    404 if `user` may not read it, 403 if they may not change it.
    """
    posts = Post.objects.visible_to(user).with_text()
    post = get_object_or_404(posts.select_related("part__series", "question__version"), pk=pk)
    if not Post.objects.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied(_("Only the authors of this article can change it."))
    return post


def get_question(user: User, pk: int) -> Question:
    """Return the question of a post that `user` wrote; 404 or 403 as for the post.

    404 also for a post without a question, 403 for admins who are not its author, since only
    authors can seal an answer.
    """
    post = get_post(user, pk)
    question = post.question_or_none
    if question is None or question.version is None:
        raise Http404(_("This article asks no question yet."))
    if user.pk not in post.author_ids:
        raise PermissionDenied(
            _("Only the authors of an article can seal an answer to its question.")
        )
    return question


def get_series(user: User, pk: int) -> Series:
    """Return the series; 404 if `user` may not read it, 403 if they may not change it."""
    series = get_object_or_404(Series.objects.visible_to(user), pk=pk)
    if not Series.objects.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied(_("Only the authors of this series can change it."))
    return series


def get_part(user: User, series_pk: int, pk: int) -> Part:
    """Return a part of a series that `user` may change; 404 or 403 as for the series."""
    series = get_series(user, series_pk)
    parts: Any = series.parts.select_related("post__live_revision", "post__newest_revision")
    part: Part = get_object_or_404(parts, pk=pk)
    part.series = series
    return part


def get_promise(user: User, post_pk: int, pk: int) -> Promise:
    """Return a promise of a post that `user` may change; 404 or 403 as for the post."""
    post = get_post(user, post_pk)
    promise = get_object_or_404(Promise.objects.prefetch_related("parts__post"), pk=pk, post=post)
    promise.post = post
    return promise
