"""Record the answers of readers. Callers hold the lock on the reader's account.

Records are never taken away. What a reader answers follows from them and from the state of the
comments that gave them: one that is held again gives no answer (`comments.given_answers`).
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core import limits
from core.db.prepared import Prepared
from core.db.transactions import retried
from notifications.actions import News, notify
from posts.models import Post, Question, QuestionVersion, SealedAnswer, Stance

from ..given_answers import given_answer, is_held_again, is_later
from ..locks import lock_person
from ..models import Comment, CurrentStance, SeenTotals, StanceRecord, StanceSource
from ..notifications import UNSEALED
from ..ranking import moved_minds


def current_stance(reader: User, question: Question) -> CurrentStance | None:
    """Return the current answer of `reader` to `question`, or None if they never answered."""
    found: list[CurrentStance] = _CURRENT.objects(reader=reader.pk, question=question.pk)
    return found[0] if found else None


def stance_of(user: Any, post: Post) -> Stance | None:
    """Return the answer of `user` to the question of `post`, None without one."""
    question = post.question_or_none
    if question is None or not user.is_authenticated:
        return None
    current = current_stance(user, question)
    return current.stance if current else None


def answers_total(post: Post) -> int:
    """Return how many readers have answered the question of `post` (a stored figure)."""
    question = post.question_or_none
    return sum(stance.answer_count for stance in question.stances.all()) if question else 0


def seen_totals(post: Post, *, saw: bool) -> SeenTotals:
    """Return whether a reader had seen the totals, which are hidden while answers are few."""
    if answers_total(post) < limits.TOTALS_DOTS_FROM:
        return SeenTotals.NO
    if saw:
        return SeenTotals.YES
    return SeenTotals.UNKNOWN if post.question.shows_totals() else SeenTotals.NO


_CURRENT = Prepared(
    lambda reader, question: CurrentStance.objects.filter(
        reader=reader, question=question
    ).select_related("record", "stance"),
    reader=int,
    question=int,
)


def record(
    *,
    reader: User,
    question: Question,
    version: QuestionVersion,
    stance: Stance | None,
    source: StanceSource,
    seen_totals: str = SeenTotals.UNKNOWN,
    comment: Comment | None = None,
    now: datetime | None = None,
) -> StanceRecord | None:
    """Add a record if `stance` (None withdraws) differs from the reader's current one.

    Returns the record, or None where nothing changed.
    """
    return _record_after(
        current_stance(reader, question),
        reader=reader,
        question=question,
        version=version,
        stance=stance,
        source=source,
        seen_totals=seen_totals,
        comment=comment,
        now=now or timezone.now(),
    )


def _record_after(
    current: CurrentStance | None,
    *,
    reader: User,
    question: Question,
    stance: Stance | None,
    now: datetime,
    **columns: Any,
) -> StanceRecord | None:
    """Add a record unless `current`, the answer of the reader, is that stance already."""
    before = current.stance_id if current else None
    after = stance.pk if stance else None
    if before == after:
        return None
    added = StanceRecord.objects.create(
        reader=reader,
        question=question,
        stance=stance,
        supersedes=current.record if current else None,
        recorded_at=now,
        **columns,
    )
    CurrentStance.objects.update_or_create(
        reader=reader, question=question, defaults={"record": added, "stance": stance}
    )
    if current is not None:
        moved_minds.follow_answer(reader.pk, question)
    if reader.counts_in_totals:
        # Locked before the totals, so that of two who reach the number together one sees both.
        waiting = _sealed(question) if before is None else []
        _move_totals({before: -1, after: +1})
        _open_reached(waiting, now)
    return added


def open_sealed(sealed: SealedAnswer, now: datetime) -> bool:
    """Open an author's sealed answer, which is locked: from now on it counts like any other.

    Returns False if the author's account is locked; then the next round opens it. Waiting could be
    a deadlock: the transaction with that lock may wait for one of ours.
    """
    locked = User.objects.select_for_update(no_key=True, skip_locked=True)
    author = locked.filter(pk=sealed.author_id).first()
    if author is None:
        return False
    opened_at = sealed.opening_time(now)
    record_sealed(sealed, author, opened_at)
    # The post before the edition, which saving the row locks: every writer has this order.
    sealed.question.post.lock()
    sealed.opened_at = opened_at
    sealed.save(update_fields=["opened_at"])
    notify(UNSEALED, News(author.pk, subject=sealed.pk, target=sealed.pk), cause=None)
    return True


def record_sealed(sealed: SealedAnswer, author: User, opened_at: datetime) -> None:
    """Record the answer that `author`, whose account is locked, had sealed."""
    record(
        reader=author,
        question=sealed.question,
        version=sealed.version,
        stance=sealed.stance,
        source=StanceSource.BARE,
        seen_totals=_seen_when_sealed(sealed),
        now=opened_at,
    )


def record_publication(comment: Comment, *, now: datetime) -> StanceRecord | None:
    """Record the stance of a comment that is published for the first time.

    Nothing is recorded if its writer has answered since writing it, nor for a steelman, which
    moves nobody.
    """
    if comment.stance is None or comment.question_version is None:
        return None
    if comment.argues_for_id is not None:
        return None
    question = comment.stance.question
    current = current_stance(comment.author, question)
    if _is_since(current, comment):
        return None
    return _record_after(
        current,
        reader=comment.author,
        question=question,
        version=comment.question_version,
        stance=comment.stance,
        source=StanceSource.COMMENT,
        seen_totals=comment.seen_totals,
        comment=comment,
        now=now,
    )


def correct(comment: Comment, stance: Stance, *, now: datetime) -> None:
    """Correct the stance of `comment` as its writer; acts as if it had been posted so.

    While it is held again, the new answer does not count either.
    """
    if comment.stance_id == stance.pk:
        return
    _tag(comment, stance, _version(stance))
    if comment.published_at is None or _answered_since(comment):
        return
    if is_held_again(comment):
        follow_hold(comment, now=now)
        return
    record(
        reader=comment.author,
        question=stance.question,
        version=_version(stance),
        stance=stance,
        source=StanceSource.CORRECTION,
        seen_totals=comment.seen_totals,
        comment=comment,
        now=now,
    )


@retried
def retag(comment: Comment, stance: Stance, *, now: datetime) -> None:
    """Change the answer of `comment` as a moderator.

    Moves the reader only if this comment is where their present stance comes from, and not while
    it is held again.
    """
    author = lock_person(comment.author)
    version = _version_for(comment, stance)
    _tag(comment, stance, version)
    if is_held_again(comment):
        follow_hold(comment, now=now)
        return
    current = current_stance(author, stance.question)
    if current is None or current.record.comment_id != comment.pk:
        return
    record(
        reader=author,
        question=stance.question,
        version=version,
        stance=stance,
        source=StanceSource.RETAG,
        seen_totals=current.record.seen_totals,
        comment=comment,
        now=now,
    )


def follow_hold(comment: Comment, *, now: datetime) -> None:
    """Let the writer's answer follow from `comment`, which is held or approved again."""
    if comment.stance is not None and comment.argues_for_id is None:
        follow_comments(comment.author, comment.stance.question, comment=comment, now=now)


def follow_comments(
    reader: User, question: Question, *, comment: Comment | None = None, now: datetime
) -> StanceRecord | None:
    """Add a record if `reader` answers otherwise than the last one says; see `given_answer`.

    `comment` is the one whose state has changed, by default the one that the last record names.
    """
    current = current_stance(reader, question)
    if current is None:
        return None
    given = given_answer(reader, question)
    return _record_after(
        current,
        reader=reader,
        question=question,
        version=given.version if given and given.version else current.record.version,
        stance=given.stance if given else None,
        source=StanceSource.RETAG,
        seen_totals=current.record.seen_totals,
        comment=comment or current.record.comment,
        now=now,
    )


@retried
def recount_reader(reader: User) -> None:
    """Recount every stance that `reader` takes now, after a ban, its end, or an erasure."""
    stance_ids = CurrentStance.objects.filter(reader=reader, stance__isnull=False).values("stance")
    for stance in Stance.objects.filter(pk__in=stance_ids).order_by("pk").select_for_update():
        stance.answer_count = counted_readers(stance)
        stance.save(update_fields=["answer_count"])


def counted_readers(stance: Stance) -> int:
    """Return how many readers, neither banned nor erased, take `stance` now."""
    return CurrentStance.objects.filter(
        stance=stance, reader__banned_at__isnull=True, reader__erased_at__isnull=True
    ).count()


def _sealed(question: Question) -> list[SealedAnswer]:
    """Return the sealed answers to `question` that wait for readers; locks them."""
    found: list[SealedAnswer] = _SEALED.objects(question=question.pk)
    return found


_SEALED = Prepared(
    lambda question: (
        SealedAnswer.objects.valid()
        .filter(question=question, opened_at__isnull=True, opens_after__isnull=False)
        .select_for_update(no_key=True)
        .order_by("pk")
    ),
    question=int,
)


def _open_reached(waiting: list[SealedAnswer], now: datetime) -> None:
    """Open those of `waiting`, all to one question, whose number of answers is reached."""
    if not waiting:
        return
    question = waiting[0].question_id
    answers = CurrentStance.objects.of_readers().filter(question=question).count()
    for sealed in waiting:
        if sealed.opens_after is not None and sealed.opens_after <= answers:
            open_sealed(sealed, now)


def _seen_when_sealed(sealed: SealedAnswer) -> SeenTotals:
    """Return whether an author had seen the totals, which are hidden while answers are few."""
    before = StanceRecord.objects.filter(
        question=sealed.question_id, recorded_at__lt=sealed.sealed_at
    )
    return SeenTotals.NO if before.count() < limits.TOTALS_DOTS_FROM else SeenTotals.UNKNOWN


def _answered_since(comment: Comment) -> bool:
    """Whether the writer has recorded another answer since writing `comment`."""
    if comment.question_version is None:
        return False
    return _is_since(current_stance(comment.author, comment.question_version.question), comment)


def _is_since(current: CurrentStance | None, comment: Comment) -> bool:
    """Whether the `current` answer of the writer was given after `comment` and not by it.

    That of a comment was given as it was written, which for a held one is before it is recorded.
    """
    if current is None or current.record.comment_id == comment.pk:
        return False
    return is_later(current.record.recorded_at, current.record.comment, comment)


def _tag(comment: Comment, stance: Stance, version: QuestionVersion) -> None:
    comment.stance = stance
    comment.question_version = version
    comment.save(update_fields=["stance", "question_version"])


def _version(stance: Stance) -> QuestionVersion:
    version = stance.question.version
    if version is None:
        raise ValueError("a question without wording has no answers")
    return version


def _version_for(comment: Comment, stance: Stance) -> QuestionVersion:
    """Return the wording of `stance` that `comment` answered: so a re-tag back restores it.

    That is the newest from before the comment, and the first for an answer that was added since.
    """
    worded = QuestionVersion.objects.filter(question=stance.question_id, wordings__stance=stance)
    before = worded.filter(created_at__lte=comment.created_at).order_by("number").last()
    return before or worded.order_by("number").first() or _version(stance)


def _move_totals(changes: dict[int | None, int]) -> None:
    """Add to the stored totals, always in the order of ids: no two writers block each other."""
    moves = Counter({stance: change for stance, change in changes.items() if stance is not None})
    for stance_id, change in sorted(moves.items()):
        Stance.objects.filter(pk=stance_id).update(answer_count=F("answer_count") + change)
