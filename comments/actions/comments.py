"""Post and delete comments, and answer a question. Each is one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.models import User
from accounts.permissions import why_not_write
from core import limits
from core.db.prepared import Prepared, PreparedInsert
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.markdown.html import PIPELINE_VERSION
from posts.models import Post, Question, Stance

from .. import draft_places
from ..locks import lock_person, lock_thread_and, next_ids
from ..models import (
    Comment,
    CommentKind,
    CommentState,
    CurrentStance,
    SeenTotals,
    StanceRecord,
    StanceSource,
)
from ..permissions import can_write, can_write_notes, is_exempt
from ..tree import paths
from . import (
    discussions,
    premoderation,
    rate_limits,
    sealed_answers,
    stances,
    states,
    steelmen,
)
from .mentions.text import rendered


@dataclass(frozen=True)
class Draft:
    """A comment somebody wants to post: plain text, and a stance where there is a question.

    One that `argues_for` another answer is posted with the present answer of its writer.
    """

    author: User
    post: Post
    body: str
    parent: Comment | None = None
    stance: Stance | None = None
    argues_for: Stance | None = None
    form_key: UUID | None = None
    seen_totals: str = SeenTotals.UNKNOWN

    @property
    def kind(self) -> CommentKind:
        """A comment without a stance where a question is asked is a note."""
        if self.argues_for is not None:
            return CommentKind.STEELMAN
        if self.stance is None and self.post.question_or_none is not None:
            return CommentKind.NOTE
        return CommentKind.READER


@dataclass(frozen=True)
class Posted:
    """The result of posting: the comment, and whether this call made it."""

    comment: Comment
    is_new: bool


def post_comment(draft: Draft, *, now: datetime | None = None) -> Posted:
    """Post `draft`, or find the comment that an earlier sending of the same made.

    Raises `ActionRefused` with a sentence and a status, which is `DiscussionClosed` in a closed
    discussion, and `MarkupRefused` for text that cannot be rendered; then nothing is written.
    """
    now = now or timezone.now()
    body_html = rendered(draft.body)
    return _post(draft, body_html, now)


@retried
def _post(draft: Draft, body_html: str, now: datetime) -> Posted:
    author = lock_person(draft.author)
    author.roles = draft.author.roles
    _refuse_unless_writer(author, now)
    twin, form_key = _sent_before(draft, now)
    if twin is not None:
        _forget_draft(draft)
        return Posted(twin, is_new=False)
    discussions.refuse_if_closed(draft.post)
    draft = _with_own_answer(draft)
    parent = _locked_parent(draft)
    newcomer = premoderation.is_newcomer(author)
    exempt = is_exempt(author, draft.post)
    _refuse_unless_allowed(draft, parent, exempt=exempt)
    if draft.stance is not None:
        sealed_answers.refuse_while_sealed(author, draft.post, now)
    if not exempt:
        rate_limits.check_comment_rate(author, newcomer=newcomer, now=now)
    held_reason = premoderation.reason_to_hold(author, draft.post, body_html, newcomer=newcomer)
    _forget_draft(draft)
    comment = _insert(replace(draft, form_key=form_key), parent, body_html, held_reason, now)
    if held_reason:
        discussions.refuse_if_closed_since(draft.post)
    else:
        states.apply_publication(comment, now=now)
    return Posted(comment, is_new=True)


def delete_comment(comment: Comment, *, now: datetime | None = None) -> Comment:
    """Delete `comment` for its writer; a tombstone stays where there are replies."""
    return states.mark_deleted(comment, now=now)


@retried
def answer_question(
    *,
    reader: User,
    question: Question,
    stance: Stance | None,
    seen_totals: str = SeenTotals.UNKNOWN,
    now: datetime | None = None,
) -> StanceRecord | None:
    """Answer without commenting, or withdraw the answer where `stance` is None.

    Returns the record, or None if that already was the reader's answer. Raises `ActionRefused`.
    """
    now = now or timezone.now()
    reader = lock_person(reader)
    _refuse_unless_writer(reader, now)
    if stance is None and not _has_answer(reader, question):
        return None
    rate_limits.check_answer_rate(reader, now=now)
    if stance is not None:
        sealed_answers.refuse_while_sealed(reader, question.post, now)
    if question.version is None:
        raise ActionRefused(_("This article asks no question yet."), status=409)
    added = stances.record(
        reader=reader,
        question=question,
        version=question.version,
        stance=stance,
        source=StanceSource.BARE,
        seen_totals=seen_totals,
        now=now,
    )
    question.post.bump_page_version()
    return added


def _forget_draft(draft: Draft) -> None:
    """Delete what the writer had kept of the comment, which is posted now."""
    drafts.forget(draft.author.pk, draft_places.of_comment(draft.post, draft.parent))


def _refuse_unless_writer(author: User, now: datetime) -> None:
    if not can_write(author, now):
        raise ActionRefused(why_not_write(author), status=403)


def _has_answer(reader: User, question: Question) -> bool:
    return CurrentStance.objects.filter(
        reader=reader, question=question, stance__isnull=False
    ).exists()


def _sent_before(draft: Draft, now: datetime) -> tuple[Comment | None, UUID | None]:
    """Return the comment that an earlier sending of the same text made, if it still exists.

    And the form's key for a new comment; None where it has made another one already.
    """
    author = draft.author.pk
    # Two queries, an index each: for one query SQLite would read every comment.
    by_key = _BY_KEY.rows(author=author, form_key=draft.form_key) if draft.form_key else []
    recently = now - timedelta(seconds=limits.SAME_COMMENT_WINDOW)
    lately = _LATELY.rows(author=author, since=recently)
    same = next((row[0] for row in [*by_key, *lately] if _is_same(row[1:], draft)), None)
    if same is None:
        return None, None if by_key else draft.form_key
    twins = Comment.objects.select_related("author", "stance", "thread", "post")
    return twins.without_text("thread__").get(pk=same), None


def _columns(which: QuerySet[Comment]) -> Any:
    """Return the query for the columns that identify a draft, newest first."""
    where = ("post_id", "parent_id", "argues_for_id", "stance_id")
    columns = ("id", *where, "body", "state", "deleted_at")
    return which.order_by("-created_at").values_list(*columns)


_BY_KEY = Prepared(
    lambda author, form_key: _columns(Comment.objects.filter(author=author, form_key=form_key)),
    author=int,
    form_key=UUID,
)
_LATELY = Prepared(
    lambda author, since: _columns(Comment.objects.filter(author=author, created_at__gte=since)),
    author=int,
    since=datetime,
)


def _is_same(found: tuple[Any, ...], draft: Draft) -> bool:
    """Whether a comment of the same writer equals `draft`, and is published or held."""
    *where, stance, body, state, deleted_at = found
    return (
        where == [draft.post.pk, _key(draft.parent), _key(draft.argues_for)]
        and (draft.argues_for is not None or stance == _key(draft.stance))
        and body == draft.body
        and deleted_at is None
        and state in {CommentState.PUBLISHED, CommentState.HELD}
    )


def _key(row: Comment | Stance | None) -> int | None:
    return row.pk if row else None


def _with_own_answer(draft: Draft) -> Draft:
    """Return `draft`; a steelman takes the answer that its writer holds."""
    if draft.argues_for is None:
        return draft
    own = steelmen.answer_of_writer(draft.author, draft.post, draft.argues_for, draft.stance)
    return replace(draft, stance=own)


def _locked_parent(draft: Draft) -> Comment | None:
    """Return the parent read afresh, with its thread locked against other writers."""
    if draft.parent is None:
        return None
    try:
        root, parent = lock_thread_and(draft.parent)
    except Comment.DoesNotExist:
        parent = None
    if parent is None or parent.post_id != draft.post.pk:
        raise ActionRefused(
            _("The comment you are replying to is not under this article."), status=404
        )
    parent.thread, parent.author = root, draft.parent.author
    return parent


def _refuse_unless_allowed(draft: Draft, parent: Comment | None, *, exempt: bool) -> None:
    if parent is not None:
        discussions.refuse_reply(parent, exempt=exempt)
    if draft.kind == CommentKind.NOTE and not can_write_notes(draft.author, draft.post):
        raise ActionRefused(_("Please choose an answer before you post."), status=422)


def _insert(
    draft: Draft, parent: Comment | None, body_html: str, held_reason: str, now: datetime
) -> Comment:
    row_id = next_ids(1)[0]
    published_at = None if held_reason else now
    comment = Comment(
        id=row_id,
        post=draft.post,
        parent=parent,
        author=draft.author,
        kind=draft.kind,
        stance=draft.stance,
        argues_for=draft.argues_for,
        question_version=draft.stance.question.version if draft.stance else None,
        body=draft.body,
        body_html=body_html,
        markup_version=PIPELINE_VERSION,
        seen_totals=draft.seen_totals,
        form_key=draft.form_key,
        thread_id=parent.thread_id if parent else row_id,
        path=paths.child(parent.path if parent else "", row_id),
        depth=parent.depth + 1 if parent else 0,
        state=CommentState.HELD if held_reason else CommentState.PUBLISHED,
        held_reason=held_reason,
        is_shown=not held_reason,
        created_at=now,
        published_at=published_at,
        thread_published_at=parent.thread_published_at if parent else published_at,
    )
    _NEW.run(comment)
    comment.thread = parent.thread if parent else comment
    return comment


_NEW = PreparedInsert(Comment, with_key=True)
