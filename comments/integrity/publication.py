"""Whether what posts and people keep twice is the same in both places."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from accounts.models import User
from core.text import skeleton
from posts.models import Post, Question, Revision, StanceWording

from ..models import CommentRevision
from .queries import differ, stream


def misfiled_texts() -> Iterator[str]:
    """Yield the posts and comments whose revisions are not numbered from 1 up, or not their own."""
    for field in ("live_revision", "newest_revision"):
        theirs = Post.objects.filter(**{f"{field}__isnull": False}).exclude(
            **{f"{field}__post": F("pk")}
        )
        for (pk,) in stream(theirs, "pk"):
            yield f"post {pk}: its {field} is of another post"
    posts = Post.objects.annotate(highest=Max("revisions__number"))
    for (pk,) in stream(posts.filter(differ("newest_revision__number", "highest")), "pk"):
        yield f"post {pk}: its newest revision is not the one with the highest number"
    for revisions, owner in ((Revision.objects, "post"), (CommentRevision.objects, "comment")):
        counted = revisions.order_by().values(owner)
        gaps = counted.annotate(count=Count("pk"), highest=Max("number"))
        for (pk,) in stream(gaps.exclude(highest=F("count")), owner):
            yield f"{owner} {pk}: numbers are missing among its revisions"


def misspelt_words() -> Iterator[str]:
    """Yield the stances and handles that differ from what they are copies of."""
    strayed = Question.objects.filter(version__isnull=False).exclude(version__question=F("pk"))
    for (pk,) in stream(strayed, "pk"):
        yield f"question {pk}: its wording is of another question"
    current = StanceWording.objects.filter(version=F("stance__question__version"))
    other = current.filter(~Q(word=F("stance__word")) | ~Q(meaning=F("stance__meaning")))
    for (stance,) in stream(other, "stance"):
        yield f"stance {stance}: its words are not those of its question's wording"
    for pk, handle, key in stream(User.objects.all(), "pk", "handle", "handle_skeleton"):
        if key != skeleton(handle):
            yield f"user {pk}: the look-alike key of the handle {handle} is {key}"
