"""Save drafts of posts, publish, schedule and unpublish them."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.markdown.html import PIPELINE_VERSION, Profile, render

from ..models import Post, Revision
from ..slugs import free_slug
from . import announcements
from .locking import locked
from .pictures import note_pictures

logger = logging.getLogger(__name__)


def save_draft(
    post: Post | None,
    *,
    by: User,
    title: str,
    body: str,
    standfirst: str = "",
    slug: str = "",
    language: str = "en",
    direction: str = Post.Direction.LTR,
    based_on: int | None = None,
    form_key: UUID | None = None,
    now: datetime | None = None,
) -> Post:
    """Save the text of `post`, or of a new post by `by` where it is None, and return the post.

    The text becomes the newest revision, and `publish` makes that the live one for readers.
    Unchanged text adds no revision. An empty `slug` keeps the address, or makes one from the title.
    `based_on` is the number of the revision the author started from.

    Raises `ActionRefused`, with status 409 if there is a revision newer than `based_on`,
    `MarkupRefused` for text that cannot be rendered, and `IntegrityError` for a second new post
    with the same `form_key`.
    """
    title, body = title.strip(), body.replace("\r\n", "\n").replace("\r", "\n")
    if not title:
        raise ActionRefused(_("An article needs a title."), field="title")
    body_html = render(body, Profile.POST)
    with transaction.atomic():
        post = locked(post) if post else _new_post(by, slug or title, form_key)
        _refuse_if_overtaken(post, based_on)
        _change_slug(post, slug)
        post.language, post.direction = language, direction
        if _has_new_text(post, title, standfirst, body):
            post.newest_revision = Revision.objects.create(
                post=post,
                number=post.revisions.count() + 1,
                title=title,
                standfirst=standfirst,
                body=body,
                body_html=body_html,
                markup_version=PIPELINE_VERSION,
                created_by=by,
                created_at=now or timezone.now(),
            )
            note_pictures(post, body_html)
        post.save()
    return post


@retried
def publish(
    post: Post, *, by: User, at: datetime | None = None, now: datetime | None = None
) -> Post:
    """Make the newest revision of `post` the live one, and return the post.

    Readers see it from `at` on, by default from `now`. A post that is out, or was before, keeps its
    first time, and its newest revision replaces the live one at once. Followers are told later.

    Raises `ActionRefused` for a post without text, and for an `at` to come if it came out before.
    """
    now = now or timezone.now()
    post = locked(post)
    newest = post.newest_revision
    if newest is None or not newest.body.strip():
        raise ActionRefused(
            _("There is nothing to publish yet: the article has no text."), field="body"
        )
    first = post.first_publication(now)
    if first is not None and at is not None and at > now:
        raise ActionRefused(
            _(
                "This article has been published before and keeps that date, so it cannot be "
                "scheduled. Publish it now, or leave it as a draft."
            ),
            field="at",
        )
    post.published_at = first or at or now
    post.live_revision = newest
    post.save(update_fields=["live_revision", "published_at"])
    announcements.plan(post, was_out=first is not None, now=now)
    logger.info("post %s: revision %s out from %s, by %s", post.pk, newest.number, at or now, by.pk)
    return post


@retried
def unpublish(post: Post, *, by: User) -> Post:
    """Make a published or scheduled `post` a draft again, and return it.

    One that is out keeps its publication time for the next time.
    """
    post = locked(post)
    post.first_published_at = post.first_publication()
    post.published_at = None
    post.live_revision = None
    post.save(update_fields=["live_revision", "published_at", "first_published_at"])
    announcements.call_off(post)
    logger.info("post %s: unpublished by %s", post.pk, by.pk)
    return post


def _new_post(author: User, slug_source: str, form_key: UUID | None) -> Post:
    post = Post.objects.create(slug=free_slug(Post, slug_source), form_key=form_key)
    post.authorships.create(user=author)
    return post


def _refuse_if_overtaken(post: Post, based_on: int | None) -> None:
    newest = post.newest_revision
    if based_on is not None and newest is not None and newest.number != based_on:
        raise ActionRefused(
            _("Somebody else saved a newer version while you were writing. Yours is kept below."),
            status=409,
        )


def _change_slug(post: Post, slug: str) -> None:
    """Change the slug; refused once the post is published, since other sites may link to it."""
    if not slug or slug == post.slug:
        return
    if post.live_revision_id is not None:
        raise ActionRefused(_("The address of a published article cannot change."), field="slug")
    refusal = why_taken(slug, post)
    if refusal:
        raise ActionRefused(refusal, field="slug")
    post.slug = slug


def why_taken(slug: str, post: Post | None = None) -> str:
    """Return why `post`, or a new one, cannot have the address `slug`; empty if it can.

    A draft keeps its address in the bin, so that it can be brought back.
    """
    others = Post.objects.exclude(pk=post.pk) if post else Post.objects.all()
    other = others.filter(slug=slug).only("binned_at").first()
    if other is None:
        return ""
    if other.binned_at is not None:
        return _("A draft in the bin has this address. Please choose another one.")
    return _("Another article has this address. Please choose another one.")


def _has_new_text(post: Post, title: str, standfirst: str, body: str) -> bool:
    newest = post.newest_revision
    return newest is None or (newest.title, newest.standfirst, newest.body) != (
        title,
        standfirst,
        body,
    )
