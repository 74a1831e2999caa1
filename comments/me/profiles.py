"""The public profile of a person: posts, comments, current stances and changes of mind."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core import limits
from posts.models import Post, Question

from ..listing.cursors import FlatCursor
from ..models import ChangeOfMind, Comment, CurrentStance
from ..moderation.permissions import can_suspend
from ..permissions import Person
from .answers import with_titles

# Changes of mind in each of the lists given and received: examples, not a score.
CHANGES_SHOWN = 5


@dataclass
class ProfilePage:
    """A page of a profile. An address is None for readers who may not use it."""

    person: User
    posts: list[Post]
    stances: list[CurrentStance]
    given: list[ChangeOfMind]
    received: list[ChangeOfMind]
    comments: list[Comment]
    next_page_url: str | None
    is_first_page: bool
    suspend_url: str | None = None
    me_url: str | None = None


def open_profile(person: User, reader: Person, after: FlatCursor | None) -> ProfilePage:
    """Return the page of the profile of `person` that begins after the cursor `after`.

    Its content is public and the same for everyone; only the addresses depend on `reader`.
    """
    size = limits.THREADS_PER_PAGE
    found = list(_comments(person, after)[: size + 1])
    profile = ProfilePage(
        person=person,
        posts=[] if after else list(_posts(person)),
        stances=[] if after else list(_stances(person)),
        given=[] if after else list(_changes(reader, giver=person)),
        received=[] if after else list(_received(reader, person)),
        comments=found[:size],
        next_page_url=_next_page_url(person, found, size),
        is_first_page=after is None,
    )
    if reader.is_authenticated and reader.pk == person.pk:
        profile.me_url = reverse("comments:me")
    elif can_suspend(reader, person):
        profile.suspend_url = reverse("comments:suspension", args=[person.handle])
    return profile


def _comments(person: User, after: FlatCursor | None) -> Any:
    """Return the readable comments of `person` after the cursor, the newest first."""
    comments = Comment.objects.readable().filter(author=person, post__in=Post.objects.published())
    if after is not None:
        older = Q(published_at__lt=after.published_at)
        comments = comments.filter(older | Q(published_at=after.published_at, pk__lt=after.row_id))
    comments = comments.select_related("stance", "argues_for", "parent")
    comments = comments.without_text("parent__")
    return with_titles(comments).order_by("-published_at", "-id")


def _posts(person: User) -> Any:
    """Return the published posts of `person`, without their texts."""
    posts = Post.objects.published().filter(authors=person).select_related("live_revision")
    return posts.defer("live_revision__body", "live_revision__body_html")


def _stances(person: User) -> Any:
    """Return the current stances of `person`, the newest answers first, without hidden ones."""
    rows = CurrentStance.objects.filter(
        Question.shows_to_all("question__"),
        reader=person,
        stance__isnull=False,
        question__post__in=Post.objects.published(),
    )
    rows = rows.select_related("stance", "question__version", "question__post")
    return rows.order_by("-record_id")[: limits.THREADS_PER_PAGE]


def _changes(reader: Person, **which: Any) -> Any:
    """Return the newest readable changes of mind that match the lookups `which`."""
    rows = ChangeOfMind.objects.readable().filter(post__in=Post.objects.published(), **which)
    return rows.with_words_for(reader)[:CHANGES_SHOWN]


def _received(reader: Person, person: User) -> Any:
    """Return the newest changes of mind that credit readable comments of `person`."""
    return _changes(reader, comment__in=Comment.objects.readable().filter(author=person).order_by())


def _next_page_url(person: User, found: list[Comment], size: int) -> str | None:
    """Return the address of the page after the first `size` of `found`; None if it is the last."""
    if len(found) <= size:
        return None
    last = found[size - 1]
    assert last.published_at is not None
    return f"{person.get_absolute_url()}?after={FlatCursor(last.published_at, last.pk)}"
