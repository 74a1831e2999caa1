"""Checks of posts, revisions, question wordings and handles: copies agree with their originals."""

from collections.abc import Iterator

from django.db.models import Exists, F, Max, Model, OuterRef, Q, Subquery

from accounts.models import User
from core.text import skeleton
from posts.models import Post, Question, Revision, StanceWording
from posts.text.reading_time import reading_minutes

from ..models import CommentRevision, Decision
from ..models.moderation import Action
from . import repairs
from .faults import Fault
from .queries import Window, differ

CHOOSE_TEXT = "save the post again in the studio, which chooses the text that readers see"
SAVE_TEXT = "change the text in the studio and save it: the new revision has its own"
TEXTS = "the text of a revision exists nowhere else: restore the missing one from a backup"


def wrong_revisions(window: Window) -> Iterator[Fault]:
    """Yield the posts whose live or newest revision is of another post, or not the newest."""
    for field in ("live_revision", "newest_revision"):
        foreign = Post.objects.filter(**{f"{field}__isnull": False}).exclude(
            **{f"{field}__post": F("pk")}
        )
        for (pk,) in window.read(foreign, "pk"):
            yield Fault(f"post {pk}: its {field} is of another post", advice=CHOOSE_TEXT)
    posts = Post.objects.annotate(highest=Max("revisions__number"))
    for (pk,) in window.read(posts.filter(differ("newest_revision__number", "highest")), "pk"):
        message = f"post {pk}: its newest revision is not the one with the highest number"
        yield Fault(message, advice=CHOOSE_TEXT)


def missing_revisions(window: Window) -> Iterator[Fault]:
    """Yield the posts whose revisions are not numbered from 1 up."""
    yield from _gaps(window, Revision, "post")


def outdated_reading_times(window: Window) -> Iterator[Fault]:
    """Yield the revisions whose stored reading time is not that of their text."""
    timed = Revision.objects.filter(minutes__isnull=False)
    for pk, minutes, body in window.read(timed, "pk", "minutes", "body"):
        if minutes != reading_minutes(body):
            message = f"revision {pk}: its reading time is stored as {minutes} minutes"
            yield Fault(message, advice=SAVE_TEXT)


def missing_comment_revisions(window: Window) -> Iterator[Fault]:
    """Yield the comments whose revisions are not numbered from 1 up.

    Erased accounts are left out: erasing deletes the revisions that nobody else has seen.
    """
    yield from _gaps(window, CommentRevision, "comment", Q(comment__author__erased_at__isnull=True))


def _gaps(window: Window, model: type[Model], owner: str, only: Q | None = None) -> Iterator[Fault]:
    """Yield the rows of `model` whose predecessor by `number` under the same `owner` is missing."""
    rows = model._default_manager.filter(only or Q())
    before = model._default_manager.filter(
        **{owner: OuterRef(owner), "number": OuterRef("number") - 1}
    )
    gaps = rows.filter(Q(number=0) | Q(number__gt=1) & ~Exists(before))
    for (pk,) in window.read(gaps, owner):
        yield Fault(f"{owner} {pk}: numbers are missing among its revisions", advice=TEXTS)


def foreign_wordings(window: Window) -> Iterator[Fault]:
    """Yield the questions whose current wording belongs to another question."""
    strayed = Question.objects.filter(version__isnull=False).exclude(version__question=F("pk"))
    for (pk,) in window.read(strayed, "pk"):
        message = f"question {pk}: its wording is of another question"
        yield Fault(message, advice="save the question again in the studio")


def outdated_stances(window: Window) -> Iterator[Fault]:
    """Yield the stances whose word or meaning differs from the question's current wording."""
    current = StanceWording.objects.filter(version=F("stance__question__version"))
    other = current.filter(~Q(word=F("stance__word")) | ~Q(meaning=F("stance__meaning")))
    for (stance,) in window.read(other, "stance"):
        message = f"stance {stance}: its words differ from its question's current wording"
        yield Fault(message, repairs.WORDS, stance)


def wrongly_closed(window: Window) -> Iterator[Fault]:
    """Yield the posts whose discussion is open or closed other than the log of decisions says."""
    acts = Decision.objects.filter(post=OuterRef("pk")).order_by("-pk")
    logged = Post.objects.annotate(
        last=Subquery(acts.values("action")[:1]),
        why=Subquery(acts.values("reason")[:1]),
        at=Subquery(acts.values("decided_at")[:1]),
    )
    suspects = logged.filter(Q(closed_at__isnull=False) | Q(last=Action.CLOSE))
    stored = ("pk", "closed_at", "closed_reason", "last", "at", "why")
    for pk, closed_at, reason, last, at, why in window.read(suspects, *stored):
        if (closed_at, reason) != ((at, why) if last == Action.CLOSE else (None, "")):
            message = f"post {pk}: its discussion is closed since {closed_at}, not as the log says"
            yield Fault(message, repairs.CLOSURES, pk)


def outdated_handle_keys(window: Window) -> Iterator[Fault]:
    """Yield the users whose stored look-alike key does not match their handle."""
    for pk, handle, key in window.read(User.objects.all(), "pk", "handle", "handle_skeleton"):
        if key != skeleton(handle):
            message = f"user {pk}: the look-alike key of the handle {handle} is {key}"
            yield Fault(message, repairs.HANDLES, pk)
