"""Make people, posts, questions and comments for tests, as the site makes them."""

from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts.models import User
from comments.actions.comments import Draft, post_comment
from comments.models import Comment
from core.markdown.html import PIPELINE_VERSION, Profile, render
from posts.models import (
    Authorship,
    Post,
    Question,
    QuestionVersion,
    Revision,
    Series,
    Stance,
    StanceWording,
)

PASSWORD = "correct horse battery"
DEFAULT_STANCES = (
    ("different", "Different", "Two jobs.", "apart", "blue"),
    ("same", "Same", "One job.", "within", "orange"),
    ("overlap", "Overlap", "Two jobs that share a craft.", "crossing", "green"),
)
_numbers = count(1)


@cache
def _password_hash() -> str:
    return make_password(PASSWORD)


def make_user(handle: str = "", *roles: str, **fields: Any) -> User:
    """Return a person with `roles`, a verified e-mail address and the password `PASSWORD`.

    The account is a week old, unless `joined_at` says otherwise.
    """
    fields.setdefault("joined_at", timezone.now() - timedelta(days=7))
    handle = handle or f"person-{next(_numbers)}"
    email = fields.pop("email", f"{handle}@example.org")
    user = User(email=email, handle=handle, password=_password_hash(), **fields)
    user.save()
    user.emailaddress_set.create(email=email, verified=True, primary=True)  # type: ignore[attr-defined]
    for role in roles:
        user.role_grants.create(role=role)
    return user


def make_post(
    author: User, *, slug: str = "", published_at: datetime | None | str = "yesterday", **words: str
) -> Post:
    """Return a post by `author`, published yesterday; with `published_at=None`, a draft."""
    slug = slug or f"post-{next(_numbers)}"
    when = timezone.now() - timedelta(days=1) if published_at == "yesterday" else published_at
    post = Post.objects.create(slug=slug)
    Authorship.objects.create(post=post, user=author)
    body = words.get("body", "Some people manage.\n\nOthers lead. There will be more.")
    revision = Revision.objects.create(
        post=post,
        number=1,
        title=words.get("title", f"A post called {slug}"),
        standfirst=words.get("standfirst", "What it is about."),
        body=body,
        body_html=render(body, Profile.POST),
        markup_version=PIPELINE_VERSION,
        created_by=author,
    )
    post.newest_revision = revision
    post.live_revision = revision if when else None
    post.published_at = when
    post.save()
    return post


def make_question(
    post: Post, text: str = "Are they different?", stances: Any = DEFAULT_STANCES
) -> Question:
    """Return a question of `post` with its stances, by default those of the demonstration."""
    question = Question.objects.create(post=post)
    version = QuestionVersion.objects.create(question=question, number=1, text=text)
    question.version = version
    question.save()
    for position, (key, word, meaning, shape, colour) in enumerate(stances):
        stance = Stance.objects.create(
            question=question,
            key=key,
            position=position,
            word=word,
            meaning=meaning,
            shape=shape,
            colour=colour,
        )
        StanceWording.objects.create(version=version, stance=stance, word=word, meaning=meaning)
    return question


def stances_by_key(post: Post) -> dict[str, Stance]:
    """Return the stances of the question of `post` by their keys."""
    return {stance.key: stance for stance in post.question.stances.select_related("question")}


def make_series(owner: User, **fields: Any) -> Series:
    """Return a series of `owner` without parts."""
    number = next(_numbers)
    return Series.objects.create(
        owner=owner, **{"slug": f"series-{number}", "title": f"Series {number}", **fields}
    )


def make_comment(
    post: Post,
    author: User,
    stance: Stance | None = None,
    parent: Comment | None = None,
    body: str = "",
    now: datetime | None = None,
) -> Comment:
    """Return a comment posted as by a form, at a distinct time so that no rate limit applies.

    Without a `stance` it takes the question's first, unless its author is staff, who write notes.
    Its time depends on the comments that the test wrote, never on the tests that ran before it.
    """
    if stance is None and hasattr(post, "question") and not author.is_staff:
        stance = post.question.stances.first()
    draft = Draft(
        author=author,
        post=post,
        body=body or f"Reason number {next(_numbers)}.",
        parent=parent,
        stance=stance,
    )
    return post_comment(draft, now=now or _distinct_time()).comment


def _distinct_time() -> datetime:
    """Return a time 90 days ago, and 400 s (more than repetitions take) later for each comment."""
    return timezone.now() - timedelta(days=90) + timedelta(seconds=400 * Comment.objects.count())


def give_ids_behind(last: int) -> None:
    """Set the database's sequence so that the next comment gets an id after `last`."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval('comments_comment_id_seq', %s)", [last])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'comments_comment'")
            cursor.execute("INSERT INTO sqlite_sequence VALUES ('comments_comment', %s)", [last])
