"""Load notifications about comments: replies, mentions, and decisions about one's own."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from accounts.models import User
from core.markdown.html import plain
from notifications.kinds import Content, loads
from notifications.models import Notification
from posts.models import Post

from ...models import Comment, CommentState
from ...models.moderation import Decision
from ...moderation import sentences
from ...notifications import (
    ANSWER_COMMENT,
    APPROVED,
    HELD_AGAIN,
    MENTION,
    MOVED,
    POST_COMMENT,
    REMOVED,
    REPLY,
    RESTORED,
    RETAGGED,
    THREAD_REPLY,
)
from ..posts import place_of, with_titles

# Characters quoted of a comment; the row leads to the rest.
QUOTED = 180


@loads(REPLY, MENTION, THREAD_REPLY, ANSWER_COMMENT, POST_COMMENT)
def replies(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the comments by others that `person`, or anybody, can still read, by notification."""
    found = Comment.objects.readable().filter(
        pk__in=[row.subject_id for row in rows], post__in=Post.objects.visible_to(person)
    )
    comments = {each.pk: each for each in with_titles(found.select_related("author", "stance"))}
    # An address that follows without an account has written nothing.
    own = Comment.objects.filter(author=person.pk or 0).with_text_for(person)
    mine = own.in_bulk({each.parent_id for each in comments.values() if each.parent_id})
    return {
        row.pk: Content(
            url=comment.get_absolute_url(),
            place=place_of(comment.post),
            quote=plain(comment.body_html, QUOTED),
            person=comment.author,
            facts={"stance": comment.stance, "mine": _words_of(mine.get(comment.parent_id or 0))},
        )
        for row in rows
        if (comment := comments.get(row.subject_id))
    }


@loads(APPROVED, HELD_AGAIN, REMOVED, RESTORED, RETAGGED, MOVED)
def decisions(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return the decisions about comments of `person` that they have not deleted."""
    own = Comment.objects.filter(
        author=person, pk__in=[row.target_id for row in rows], deleted_at__isnull=True
    )
    own = with_titles(own.with_text_for(person).select_related("stance"))
    made = Decision.objects.filter(comment__author=person).select_related("note")
    comments, decided = own.in_bulk(), made.in_bulk([row.subject_id for row in rows])
    return {
        row.pk: _decision(comments[row.target_id], decided[row.subject_id])
        for row in rows
        if row.target_id in comments and row.subject_id in decided
    }


def _words_of(comment: Comment | None) -> str:
    """Return the beginning of what the person wrote, empty if it is not there."""
    return plain(comment.body_html, QUOTED) if comment else ""


def _decision(comment: Comment, decision: Decision) -> Content:
    is_out = comment.post.is_published()
    return Content(
        url=comment.get_absolute_url() if is_out else reverse("comments:my-comments"),
        place=place_of(comment.post),
        quote=plain(comment.body_html, QUOTED),
        facts={
            "reason": sentences.reason_label(decision.reason),
            "note": str(getattr(decision, "note", "")),
            "is_held": decision.state_after != CommentState.PUBLISHED,
            "stance": comment.stance,
        },
    )
