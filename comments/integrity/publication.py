"""Whether what posts and people keep twice is the same in both places."""

from collections.abc import Iterator

from django.db.models import Exists, F, Max, Model, OuterRef, Q

from accounts.models import User
from core.text import skeleton
from posts.models import Post, Question, Revision, StanceWording

from ..models import CommentRevision
from . import repairs
from .faults import Fault
from .queries import Window, differ

CHOOSE_TEXT = "choose in the studio which text readers see, by saving the post once more"
TEXTS = "the words of a revision exist nowhere else: look for the missing one in a backup"


def misfiled_posts(window: Window) -> Iterator[Fault]:
    """Yield the posts whose live or newest revision is not theirs, or not the newest."""
    for field in ("live_revision", "newest_revision"):
        theirs = Post.objects.filter(**{f"{field}__isnull": False}).exclude(
            **{f"{field}__post": F("pk")}
        )
        for (pk,) in window.read(theirs, "pk"):
            yield Fault(f"post {pk}: its {field} is of another post", advice=CHOOSE_TEXT)
    posts = Post.objects.annotate(highest=Max("revisions__number"))
    for (pk,) in window.read(posts.filter(differ("newest_revision__number", "highest")), "pk"):
        says = f"post {pk}: its newest revision is not the one with the highest number"
        yield Fault(says, advice=CHOOSE_TEXT)


def missing_revisions(window: Window) -> Iterator[Fault]:
    """Yield the posts whose revisions are not numbered from 1 up."""
    yield from _gaps(window, Revision, "post")


def missing_comment_revisions(window: Window) -> Iterator[Fault]:
    """Yield the comments whose revisions are not numbered from 1 up.

    Erasing an account takes away those that nobody else has seen.
    """
    yield from _gaps(window, CommentRevision, "comment", Q(comment__author__erased_at__isnull=True))


def _gaps(window: Window, model: type[Model], owner: str, only: Q | None = None) -> Iterator[Fault]:
    rows = model._default_manager.filter(only or Q())
    before = model._default_manager.filter(
        **{owner: OuterRef(owner), "number": OuterRef("number") - 1}
    )
    gaps = rows.filter(Q(number=0) | Q(number__gt=1) & ~Exists(before))
    for (pk,) in window.read(gaps, owner):
        yield Fault(f"{owner} {pk}: numbers are missing among its revisions", advice=TEXTS)


def strayed_wordings(window: Window) -> Iterator[Fault]:
    """Yield the questions whose wording is another's."""
    strayed = Question.objects.filter(version__isnull=False).exclude(version__question=F("pk"))
    for (pk,) in window.read(strayed, "pk"):
        says = f"question {pk}: its wording is of another question"
        yield Fault(says, advice="word the question anew in the studio")


def misspelt_stances(window: Window) -> Iterator[Fault]:
    """Yield the stances whose words are not those of the question's wording."""
    current = StanceWording.objects.filter(version=F("stance__question__version"))
    other = current.filter(~Q(word=F("stance__word")) | ~Q(meaning=F("stance__meaning")))
    for (stance,) in window.read(other, "stance"):
        says = f"stance {stance}: its words are not those of its question's wording"
        yield Fault(says, repairs.WORDS, stance)


def misspelt_handles(window: Window) -> Iterator[Fault]:
    """Yield the people whose look-alike key is not that of their handle."""
    for pk, handle, key in window.read(User.objects.all(), "pk", "handle", "handle_skeleton"):
        if key != skeleton(handle):
            says = f"user {pk}: the look-alike key of the handle {handle} is {key}"
            yield Fault(says, repairs.HANDLES, pk)
