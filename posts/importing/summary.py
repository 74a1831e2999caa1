"""Sum up for people at a terminal what an article was understood to be, and what to do next."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from ..models import Post, PostState
from .answers import as_text

# Characters; the labels stand in a column of this width.
_LABELS = 11
_STATES = {
    PostState.DRAFT: "a draft, which only its authors can see",
    PostState.SCHEDULED: "scheduled",
    PostState.PUBLISHED: "published, for everybody to read",
}


def summary(post: Post, doubt: str, *, is_kept: bool = True) -> str:
    """Return the title of `post`, its address, question and answers, and what to do next.

    `doubt` says why the answers may not fit the question, and is empty if they do. A post that is
    not `is_kept` has no pages in the studio to lead to.
    """
    lines = [post.title, "", *_rows(post), "", *_on_doubt(post, doubt, is_kept)]
    return "\n".join([*lines, _next_step(post)] if is_kept else lines).rstrip()


def address(name: str, post: Post) -> str:
    """Return the whole address of the page of the studio about `post` with the URL `name`."""
    return f"{settings.SITE_URL}{reverse(name, args=[post.pk])}"


def _rows(post: Post) -> Iterator[str]:
    question = post.question_or_none
    yield from _row("Address", f"{settings.SITE_URL}{post.get_absolute_url()}")
    yield from _row("Author", ", ".join(person.display_name for person in post.byline))
    yield from _row("State", _STATES[post.state()])
    yield from _row("Question", str(question) if question else "none")
    if question:
        yield from _row("Answers", *as_text(question.offered).split("\n"))


def _row(label: str, *values: str) -> Iterator[str]:
    for number, value in enumerate(values):
        yield f"  {'' if number else label:{_LABELS}}{value}"


def _on_doubt(post: Post, doubt: str, is_kept: bool) -> Iterator[str]:
    if doubt:
        yield f"{doubt} So it stays a draft."
        yield 'Give it answers of its own, as in --answers "Yes: worth it; No; It depends"'
    if doubt and is_kept:
        yield f"or write them here: {address('posts:studio-question', post)}"


def _next_step(post: Post) -> str:
    act = "Read it and publish it" if post.state() == PostState.DRAFT else "Change it"
    return f"{act}: {address('posts:studio-post', post)}"
