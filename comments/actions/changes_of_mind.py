"""Changes of mind: credit a comment or a paragraph, answer a credit, take it back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.models import User
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.timestamps import moment_of
from notifications.actions import News, notify
from posts.models import Post, Question, Stance

from .. import draft_places
from ..locks import lock_person
from ..models import ChangeKind, ChangeOfMind, Comment, StanceRecord, StanceSource
from ..notifications import CONFIRMED, CREDIT, DISPUTED
from ..permissions import wrote_post
from ..ranking import constants, moved_minds
from ..ranking.answer_history import answers_by_reader
from ..ranking.audience import held_counts_from
from . import rate_limits, settling, stances

# Characters: a line, like the text of the credit it answers.
NOTE_MAX = limits.CHANGE_WORDS_MAX
# In place of a credited paragraph whose article was erased; the column must not be empty.
ERASED = "…"


@dataclass(frozen=True)
class Credit:
    """A comment or a paragraph that changed how a reader sees the question, as they say.

    `was` is the answer of the reader when they opened the form, `to` the new one if it changed.
    """

    giver: User
    post: Post
    kind: ChangeKind
    words: str
    was: Stance
    to: Stance | None = None
    comment: Comment | None = None
    paragraph: str = ""


class SaidTooEarly(ActionRefused):
    """A credit is refused until a moment that the sentence names; the words can wait for it."""

    def __init__(self, sentence: Any, since: datetime) -> None:
        # To the next minute: nobody who comes at the time named is refused again.
        when = moment_of(since + timedelta(seconds=59))
        super().__init__(str(sentence) % {"when": when}, status=409)


@retried
def give(credit: Credit, *, now: datetime | None = None) -> ChangeOfMind:
    """Record `credit`, and with it the new answer; sent twice, it is the same one.

    Raises `ActionRefused`; then nothing is written.
    """
    now = now or timezone.now()
    giver = lock_person(credit.giver)
    giver.roles = credit.giver.roles
    comment = _locked(credit)
    _refuse_unless_allowed(credit, giver, comment)
    drafts.forget(giver.pk, draft_places.of_change(credit.post, comment))
    before = _given_before(credit)
    if before is not None:
        return before
    question: Question = credit.was.question
    current = stances.current_stance(giver, question)
    if current is None or current.stance_id != credit.was.pk:
        raise ActionRefused(_("Your answer has changed since you opened this page."), status=409)
    _refuse_unless_settled(giver, question, comment, now)
    record = None
    if credit.kind == ChangeKind.MOVED:
        _refuse_unless_counted(giver, question, comment, now)
        record = _move(credit, giver, question, now)
    change = ChangeOfMind.objects.create(
        post=credit.post,
        question=question,
        giver=giver,
        comment=comment,
        paragraph=credit.paragraph,
        kind=credit.kind,
        words=credit.words,
        from_stance=credit.was,
        to_stance=credit.to if record and credit.to else credit.was,
        record=record,
        created_at=now,
    )
    follow(change)
    if comment is not None:
        news = News(comment.author_id, subject=change.pk, target=change.pk)
        notify(CREDIT, news, cause=giver)
    return change


@retried
def answer(
    change: ChangeOfMind, *, agrees: bool, note: str = "", now: datetime | None = None
) -> ChangeOfMind:
    """Store the answer of the credited writer to `change`: that was the point, or not quite.

    Raises `ActionRefused` (409) if they have given the other answer before, or it is gone.
    """
    now = now or timezone.now()
    change = locked(change)
    if not ChangeOfMind.objects.readable().filter(pk=change.pk).exists():
        raise ActionRefused(
            _("This is no longer there: its writer or a moderator removed it."), status=409
        )
    if change.confirmed_at or change.disputed_at:
        if bool(change.confirmed_at) == agrees:
            return change
        raise ActionRefused(_("You have already said whether that was your point."), status=409)
    if agrees:
        change.confirmed_at = now
    else:
        change.disputed_at, change.dispute = now, note
    change.save(update_fields=["confirmed_at", "disputed_at", "dispute"])
    news = News(change.giver_id, subject=change.pk, target=change.pk)
    notify(CONFIRMED if agrees else DISPUTED, news, cause=_writer(change))
    change.post.bump_page_version()
    return change


def _writer(change: ChangeOfMind) -> User | None:
    """Return the writer of the credited comment, who answers; None for a paragraph."""
    return change.comment.author if change.comment else None


@retried
def revoke(change: ChangeOfMind, *, now: datetime | None = None) -> ChangeOfMind:
    """Take `change` back for its giver, who keeps the new answer. Twice is once.

    Raises `ActionRefused` (403) after a day, when it is history.
    """
    now = now or timezone.now()
    change = locked(change)
    if change.revoked_at:
        return change
    if not change.is_within_revoke_window(now):
        raise ActionRefused(
            _(
                "You can take this back only within a day. You can still add another change of "
                "mind."
            ),
            status=403,
        )
    change.revoked_at = now
    change.save(update_fields=["revoked_at"])
    follow(change)
    return change


def forget_reader(reader: User) -> None:
    """Delete the changes of mind that `reader` gave; each is one transaction.

    A row with a decision of moderators stays without its text: the log refers to it.
    """
    for change in ChangeOfMind.objects.filter(giver=reader).select_related("post"):
        _forget(change)


def forget_disputes(writer: User) -> None:
    """Erase what `writer` wrote about credits of their comments; each is one transaction."""
    disputed = ChangeOfMind.objects.filter(comment__author=writer).exclude(dispute="")
    for change in disputed.select_related("post"):
        _forget_dispute(change)


@retried
def _forget_dispute(change: ChangeOfMind) -> None:
    ChangeOfMind.objects.filter(pk=change.pk).update(dispute="")
    change.post.bump_page_version()


def forget_paragraphs(posts: QuerySet[Post]) -> None:
    """Erase the paragraphs of `posts` that readers credited; one transaction for each post."""
    for post in posts:
        _forget_paragraphs(post)


@retried
def _forget_paragraphs(post: Post) -> None:
    credited = ChangeOfMind.objects.filter(post=post, comment__isnull=True)
    if credited.exclude(paragraph=ERASED).update(paragraph=ERASED):
        post.bump_page_version()


def recount_reader(reader: User) -> None:
    """Recount the comments that `reader` credits, after a ban or its end."""
    for change in ChangeOfMind.objects.filter(giver=reader).select_related("post"):
        _settle(change)


@retried
def _settle(change: ChangeOfMind) -> None:
    follow(change)


@retried
def _forget(change: ChangeOfMind) -> None:
    if change.decisions.exists():
        ChangeOfMind.objects.filter(pk=change.pk).update(words="", dispute="")
    else:
        ChangeOfMind.objects.filter(pk=change.pk).delete()
    follow(change)


def follow(change: ChangeOfMind) -> None:
    """Recount what depends on `change`, and change the version of the page."""
    if change.comment_id is not None:
        moved_minds.follow_change(change)
    change.post.bump_page_version()


def _locked(credit: Credit) -> Comment | None:
    if credit.comment is None:
        return None
    return Comment.objects.without_text().select_for_update(no_key=True).get(pk=credit.comment.pk)


def locked(change: ChangeOfMind) -> ChangeOfMind:
    """Return `change` read afresh, locked until the transaction ends."""
    rows = ChangeOfMind.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("post").get(pk=change.pk)


def _refuse_unless_allowed(credit: Credit, giver: User, comment: Comment | None) -> None:
    if comment is not None and not comment.is_readable:
        raise ActionRefused(_("This comment is no longer there."), status=404)
    if comment is not None and comment.author_id == giver.pk:
        raise ActionRefused(
            _("This is your own comment. You can say this only of what others wrote."), status=403
        )
    if comment is None and wrote_post(giver, credit.post):
        raise ActionRefused(
            _("This is your own article. You can say this only of what others wrote."), status=403
        )
    if credit.kind == ChangeKind.MOVED and credit.to in {None, credit.was}:
        raise ActionRefused(_("Please choose what your answer is now."), status=422)


def _given_before(credit: Credit) -> ChangeOfMind | None:
    """Return the same credit if it was given before; raises `ActionRefused` for another one."""
    given = ChangeOfMind.objects.filter(giver=credit.giver, post=credit.post, revoked_at=None)
    same = given.filter(comment=credit.comment, paragraph=credit.paragraph).first()
    if same is not None and same.removed_at:
        raise ActionRefused(
            _("You have said already that this changed your mind, and a moderator removed it."),
            status=409,
        )
    if same is None or (same.kind, same.words) == (credit.kind, credit.words):
        return same
    raise ActionRefused(
        _("You have said already that this changed your mind. Take that back first."), status=409
    )


def _refuse_unless_settled(
    giver: User, question: Question, comment: Comment | None, now: datetime
) -> None:
    """Refuse an answer that is younger than a day and younger than the credited comment."""
    first = giver.stance_records.filter(question=question).order_by("pk").first()
    if first is None:
        raise ActionRefused(
            _("Answer the question first. After that you can say what changed your mind."),
            status=403,
        )
    settled_at = first.recorded_at + timedelta(seconds=constants.SETTLED_AFTER)
    if settled_at > now and (comment is None or first.recorded_at > comment.created_at):
        raise SaidTooEarly(
            _(
                "You gave your answer less than a day ago. You can say what changed your mind "
                "from %(when)s on."
            ),
            settled_at,
        )


def _refuse_unless_counted(
    giver: User, question: Question, comment: Comment | None, now: datetime
) -> None:
    """Refuse a move of a new account, or from an answer of today: "Moved n readers" counts it.

    An answer switched within the last day is none to be moved from, however new the comment is.
    """
    by_account = settling.account_counts_from(giver.pk, giver.joined_at, now)
    if by_account is not None:
        raise SaidTooEarly(
            _(
                "To say this, your account has to be a few days old or have a published "
                "comment. Yours is old enough from %(when)s on."
            ),
            by_account,
        )
    answers = answers_by_reader(giver.stance_records.filter(question=question))[giver.pk]
    text_at = comment.created_at.timestamp() if comment else -inf
    counts_from = held_counts_from(answers, now.timestamp(), text_at)
    if counts_from > now.timestamp():
        raise SaidTooEarly(
            _(
                "You changed your answer less than a day ago. From %(when)s on you can say again "
                "what changed it."
            ),
            datetime.fromtimestamp(counts_from, UTC),
        )


def _move(credit: Credit, giver: User, question: Question, now: datetime) -> StanceRecord | None:
    rate_limits.check_answer_rate(giver, now=now)
    assert question.version is not None
    return stances.record(
        reader=giver,
        question=question,
        version=question.version,
        stance=credit.to,
        source=StanceSource.CHANGE,
        seen_totals=stances.seen_totals(credit.post, saw=False),
        now=now,
    )
