"""The public profile of a person: posts, comments, current stances and changes of mind."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from accounts.permissions import may_write
from core import limits
from posts.models import Authorship, Post, Question

from ..listing.cursors import FlatCursor
from ..models import ChangeOfMind, Comment, CurrentStance
from ..moderation.permissions import can_suspend
from ..permissions import Person
from .next_steps import NextStep, next_step
from .posts import with_titles

# Changes of mind in each of the lists given and received: examples, not a score.
CHANGES_SHOWN = 5
# The ring around the initials is 100 long; between the parts of two answers is a gap.
RING, GAP = 100, 3


class Arc(NamedTuple):
    """A part of the ring around the initials of a person: colour, length and where it begins."""

    colour: str
    length: float
    start: float


@dataclass
class ProfilePage:
    """A page of a profile. An address is None for readers who may not use it."""

    person: User
    posts: list[Post]
    stances: list[CurrentStance]
    given: list[ChangeOfMind]
    received: list[ChangeOfMind]
    comments: list[Comment]
    # Of all pages; 0 behind the first.
    comment_count: int
    next_page_url: str | None
    is_first_page: bool
    suspend_url: str | None = None
    me_url: str | None = None
    about_url: str | None = None
    next_step: NextStep | None = None

    @property
    def has_texts(self) -> bool:
        """Whether the page shows articles or comments: without any, search engines leave it out."""
        return bool(self.posts or self.comments)

    @property
    def ring(self) -> list[Arc]:
        """The ring around the initials: a part of equal length for each answer that is shown."""
        each = RING / max(len(self.stances), 1)
        length = each - GAP if len(self.stances) > 1 else each
        return [
            Arc(row.stance.colour, round(length, 2), round(-each * place, 2))
            for place, row in enumerate(self.stances)
            if row.stance
        ]


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
        comment_count=0 if after else _written(person).count(),
        next_page_url=_next_page_url(person, found, size),
        is_first_page=after is None,
    )
    if reader.is_authenticated and reader.pk == person.pk:
        profile.me_url = reverse("comments:me")
        profile.about_url = f"{reverse('people:handle')}#id_about" if may_write(person) else None
        profile.next_step = None if found else next_step()
    elif can_suspend(reader, person):
        profile.suspend_url = reverse("comments:suspension", args=[person.handle])
    return profile


def _written(person: User) -> Any:
    """Return the readable comments of `person`."""
    return Comment.objects.readable().filter(author=person, post__in=Post.objects.published())


def _comments(person: User, after: FlatCursor | None) -> Any:
    """Return the readable comments of `person` after the cursor, the newest first."""
    comments = _written(person)
    if after is not None:
        older = Q(published_at__lt=after.published_at)
        comments = comments.filter(older | Q(published_at=after.published_at, pk__lt=after.row_id))
    comments = comments.select_related("stance", "argues_for", "parent__author")
    comments = comments.without_text("parent__")
    wrote = Authorship.objects.filter(post=OuterRef("post"), user=OuterRef("author"))
    comments = comments.annotate(by_post_author=Exists(wrote))
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
