"""Seal, change and withdraw authors' answers to their own questions; `comments` opens them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..models import LateSealing, Question, SealedAnswer, Stance
from .questions import is_in_use

CONFLICT = 409


@dataclass(frozen=True)
class Opening:
    """Say when a sealed answer opens: at a time, `after` so many readers' answers, or either."""

    at: datetime | None = None
    after: int | None = None

    def is_later_than(self, sealed: SealedAnswer) -> bool:
        """Return whether this condition could open `sealed` later than its present one.

        Either part of a condition opens an answer, so dropping a part delays it, adding one cannot.
        """
        by_time = sealed.opens_at is not None and (self.at is None or self.at > sealed.opens_at)
        by_count = sealed.opens_after is not None and (
            self.after is None or self.after > sealed.opens_after
        )
        return by_time or by_count


@retried
def seal_answer(
    question: Question,
    *,
    author: User,
    stance_key: str,
    opening: Opening,
    now: datetime | None = None,
) -> SealedAnswer:
    """Seal an answer of `author`, or change their sealed one, and return it.

    Once readers have answered, `opening` can only be sooner than before, as they were promised, and
    an answer sealed then, or changed, is noted: readers are told so when it opens.
    The caller checks that `author` wrote the post.

    Raises `ActionRefused`.
    """
    now = now or timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    sealed = _locked(question, author)
    reason = sealing_refusal(question, author, sealed, now)
    if reason:
        raise ActionRefused(reason, status=CONFLICT)
    _refuse_unless_in_future(opening, now)
    is_late = has_answers(question)
    if sealed and is_late and opening.is_later_than(sealed):
        raise ActionRefused(_("Readers have answered. From now on it can only open sooner."))
    stance = question.stances.filter(key=stance_key, is_offered=True).first()
    if stance is None or question.version is None:
        raise ActionRefused(_("Please choose one of the answers shown."), field="stance")
    before = sealed.stance_id if sealed else None
    sealed = sealed or SealedAnswer(question=question, author=author)
    sealed.version, sealed.stance = question.version, stance
    sealed.opens_at, sealed.opens_after, sealed.sealed_at = opening.at, opening.after, now
    sealed.save()
    if is_late and before != stance.pk:
        _note_late(sealed, now, is_change=before is not None)
    return sealed


def _note_late(sealed: SealedAnswer, now: datetime, *, is_change: bool) -> None:
    stances = Stance.objects.filter(question=sealed.question_id)
    answers = stances.aggregate(number=Sum("answer_count"))["number"] or 0
    LateSealing.objects.create(sealed=sealed, at=now, answers=answers, is_change=is_change)


@retried
def withdraw_sealed_answer(
    question: Question, *, author: User, now: datetime | None = None
) -> None:
    """Withdraw the sealed answer of `author`, if there is one.

    If readers have answered, a row without the stance remains, so that no other can be sealed.

    Raises `ActionRefused` once it is open.
    """
    now = now or timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    sealed = _locked(question, author)
    if sealed is None or sealed.withdrawn_at:
        return
    if sealed.is_open(now):
        raise ActionRefused(_("Your answer is open, and can no longer change."), status=CONFLICT)
    if not has_answers(question):
        sealed.delete()
        return
    sealed.stance, sealed.withdrawn_at = None, now
    sealed.save(update_fields=["stance", "withdrawn_at"])


def sealing_refusal(
    question: Question, author: User, sealed: SealedAnswer | None, now: datetime
) -> str:
    """Return why `author` cannot seal an answer to `question`, or an empty string.

    `sealed` is their sealed answer, if any.
    """
    if sealed is not None and sealed.withdrawn_at:
        return _(
            "You took a sealed answer back after readers had answered. "
            "You can still answer in the open, like everybody."
        )
    if sealed is not None and sealed.is_open(now):
        return _("Your answer is open, and can no longer change.")
    if author.stance_records.filter(question=question).exists():
        return _("You have answered this question in the open already. That cannot be sealed.")
    return ""


def has_answers(question: Question) -> bool:
    """Return whether `question` has answers."""
    return any(is_in_use(stance) for stance in question.stances.all())


def _locked(question: Question, author: User) -> SealedAnswer | None:
    rows = SealedAnswer.objects.select_for_update(no_key=True)
    return rows.filter(question=question, author=author).first()


def _refuse_unless_in_future(opening: Opening, now: datetime) -> None:
    if opening.at is None and opening.after is None:
        raise ActionRefused(
            _(
                "Please choose when it opens: at a time, after a number of answers, or whichever "
                "comes first."
            )
        )
    if opening.at is not None and opening.at <= now:
        raise ActionRefused(_("Please choose a time in the future."), field="opens_at")
