"""Load notifications about closing summaries, best reasons and sealed answers."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from accounts.models import User
from core.markdown.html import plain
from notifications.kinds import Content, loads
from notifications.models import Notification
from posts.models import Post, SealedAnswer

from ...models import Closing, Comment, CommentRevision
from ...notifications import (
    CITED,
    CLOSING_CHANGED,
    CLOSING_DROPPED,
    CLOSING_WAITS,
    JUDGED_FAIR,
    UNSEALED,
    VERDICT_DROPPED,
)
from ...ranking.stored_columns import VerdictCount
from ..posts import place_of, with_titles
from .comments import QUOTED


@loads(CLOSING_CHANGED, CITED, CLOSING_WAITS)
def closings(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the closing summaries whose words are there."""
    found = Closing.objects.filter(
        pk__in=[row.subject_id for row in rows], post__in=Post.objects.visible_to(person)
    ).exclude(post__closing="")
    found = with_titles(found.select_related("written_by").defer("body", "body_html"))
    by_id = {closing.pk: closing for closing in found}
    citing = _citing(person, [closing.post_id for closing in by_id.values()])
    return {
        row.pk: Content(
            url=_closing_address(closing.post),
            place=place_of(closing.post),
            quote=closing.beginning,
            person=closing.written_by,
        )
        for row in rows
        if (closing := by_id.get(row.subject_id))
        and closing.beginning
        and (row.kind != CITED.name or closing.post_id in citing)
    }


def _citing(person: User, posts: list[int]) -> set[int]:
    """Return those of `posts` whose summaries cite a comment of `person` that stands."""
    own = Comment.objects.readable().filter(author=person, post__in=posts)
    cited = own.filter(citations__isnull=False).order_by()
    return set(cited.values_list("post", flat=True))


@loads(CLOSING_DROPPED, VERDICT_DROPPED)
def edited(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the comments that were edited after `person` had judged them, or what cites them."""
    revisions = CommentRevision.objects.filter(pk__in=[row.subject_id for row in rows])
    comment_of = dict(revisions.values_list("pk", "comment"))
    comments = _readable(person, list(comment_of.values()))
    found: dict[int, Content] = {}
    for row in rows:
        comment = comments.get(comment_of.get(row.subject_id, 0))
        is_closing = row.kind == CLOSING_DROPPED.name
        if comment is None or not (comment.post.closing if is_closing else comment.argues_for):
            continue
        address = _closing_address(comment.post) if is_closing else _verdict_address(comment)
        facts = {"stance": comment.argues_for}
        found[row.pk] = _about(comment, address, person=comment.author, facts=facts)
    return found


@loads(JUDGED_FAIR)
def judged_fair(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the best reasons of `person` that are still called fair."""
    comments = _readable(person, [row.subject_id for row in rows])
    return {
        row.pk: _about(comment, _verdict_address(comment), facts={"stance": comment.argues_for})
        for row in rows
        if (comment := comments.get(row.subject_id))
        and comment.author_id == person.pk
        and comment.argues_for
        and VerdictCount.parse(comment.verdicts).is_fair
    }


@loads(UNSEALED)
def unsealed(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the opened sealed answers of `person`."""
    found = SealedAnswer.objects.filter(author=person, opened_at__isnull=False)
    found = found.filter(question__post__in=Post.objects.visible_to(person))
    found = with_titles(found.select_related("stance"), "question__post")
    answers = found.in_bulk([row.subject_id for row in rows])
    return {
        row.pk: Content(
            url=f"{answer.question.post.get_absolute_url()}#question",
            place=place_of(answer.question.post),
            facts={"stance": answer.stance},
        )
        for row in rows
        if (answer := answers.get(row.subject_id))
    }


def _readable(person: User, ids: list[int]) -> dict[int, Comment]:
    """Return the comments with `ids` that `person` can read, by id."""
    found = Comment.objects.readable().filter(pk__in=ids, post__in=Post.objects.visible_to(person))
    return {each.pk: each for each in with_titles(found.select_related("author", "argues_for"))}


def _about(comment: Comment, url: str, **more: object) -> Content:
    quote = plain(comment.body_html, QUOTED)
    return Content(url=url, place=place_of(comment.post), quote=quote, **more)  # type: ignore[arg-type]


def _closing_address(post: Post) -> str:
    return reverse("comments:closing", args=[post.slug])


def _verdict_address(comment: Comment) -> str:
    return reverse("comments:verdict", args=[comment.pk])
