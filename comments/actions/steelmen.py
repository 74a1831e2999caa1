"""Steelmen: best reasons for answers that their writers do not hold, and verdicts on them.

The tally stands in the comment's row, recounted under its lock. A verdict counts only while its
reader gives that answer: a round stops counting it when its reader leaves.
"""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.actions import News, notify, withdraw
from posts.models import Post, Stance

from ..locks import lock_alone, lock_person
from ..models import Comment, CurrentStance, SteelmanVerdict
from ..models.counted import COUNTED
from ..notifications import JUDGED_FAIR, VERDICT_DROPPED
from ..ranking.stored_columns import VerdictCount
from . import recounts, settling, stances


def answer_of_writer(
    writer: User, post: Post, argues_for: Stance, chosen: Stance | None = None
) -> Stance:
    """Return the answer that `writer` holds, who wants to argue for another under `post`.

    `chosen` is what they say they answer, None for nothing. Raises `ActionRefused`: who has not
    answered yet argues for no other side (409), and nobody for their own (422). The account has to
    be locked.
    """
    if not argues_for.is_offered or argues_for.question.post_id != post.pk:
        raise ActionRefused(_("Please choose one of the answers shown."), status=422)
    current = stances.current_stance(writer, argues_for.question)
    if current is None or current.stance is None:
        raise ActionRefused(
            _(
                "Answer the question first; then you can give the best reason for another answer. "
                "Your words are kept below."
            ),
            status=409,
        )
    own = current.stance
    if chosen not in {None, own}:
        raise ActionRefused(
            _(
                "Giving the best reason for another answer does not change your own, which is "
                "%(word)s. Choose that above, or change your answer first."
            )
            % {"word": own.word},
            status=422,
        )
    _refuse_own(argues_for, own)
    own.question = argues_for.question
    return own


def refuse_correction(comment: Comment, argues_for: Stance) -> None:
    """Refuse to let `comment`, which is locked, argue for `argues_for` if it may not.

    Raises `ActionRefused`: never for its writer's own (422), nor once its target is fixed (409).
    """
    if comment.argues_for_id == argues_for.pk:
        return
    _refuse_own(argues_for, comment.stance)
    if is_target_fixed(comment):
        raise ActionRefused(
            _(
                "It is too late to correct which answer it argues for. Your words are kept "
                "below: leave that answer as it was, and save again."
            ),
            status=409,
        )


def correct_target(comment: Comment, argues_for: Stance) -> None:
    """Change the answer that `comment`, which is locked, argues for."""
    comment.argues_for = argues_for
    comment.save(update_fields=["argues_for"])


def is_target_fixed(comment: Comment) -> bool:
    """Return whether the answer that `comment` argues for stays: somebody has judged it.

    It stays from the beginning where the question hides its totals: that it became fixed would tell
    the writer that somebody gives that answer.
    """
    assert comment.argues_for is not None
    return not comment.argues_for.question.shows_totals_to_all or is_judged(comment)


def is_judged(comment: Comment) -> bool:
    """Return whether `comment` has a verdict."""
    return SteelmanVerdict.objects.filter(comment=comment).exists()


def verdict_of(comment: Comment, reader: User) -> SteelmanVerdict | None:
    """Return the verdict of `reader` on `comment`, None for none."""
    return SteelmanVerdict.objects.filter(comment=comment, reader=reader).first()


@retried
def judge(comment: Comment, *, by: User, is_fair: bool, now: datetime | None = None) -> bool:
    """Store the verdict on `comment` of `by`, who holds the answer it argues for.

    Returns False if they had said so before; the other verdict takes the place of the first, and so
    does one of the same that does not count yet: its reader may have left the answer meanwhile.
    Whether `by` may write is for the caller to have asked. Raises `ActionRefused` for what is no
    steelman or does not stand (404), for its writer and for those who answer otherwise (403).
    """
    now = now or timezone.now()
    reader, comment = lock_person(by), lock_alone(comment)
    held = _answer_of_judge(comment, reader)
    before = verdict_of(comment, reader)
    if before is not None and before.is_fair == is_fair and before.settled_at:
        return False
    since = settling.of_verdict(reader, held, now=now, text_at=comment.published_at or now)
    SteelmanVerdict.objects.update_or_create(
        comment=comment,
        reader=reader,
        defaults={"is_fair": is_fair, "judged_at": now, **since._asdict()},
    )
    withdraw([VERDICT_DROPPED], reader, comment.pk)
    _store_tally(comment)
    comment.post.bump_page_version()
    return True


@retried
def take_back(comment: Comment, *, by: User) -> bool:
    """Delete the verdict of `by` on `comment`; return False if there is none."""
    comment = lock_alone(comment)
    if not SteelmanVerdict.objects.filter(comment=comment, reader=by).delete()[0]:
        return False
    _store_tally(comment)
    comment.post.bump_page_version()
    return True


def drop_verdicts(comment: Comment) -> list[int]:
    """Delete the verdicts on `comment`, which is locked; return the ids of the judges."""
    verdicts = SteelmanVerdict.objects.filter(comment=comment)
    judges = list(verdicts.order_by("pk").values_list("reader", flat=True))
    if judges:
        verdicts.delete()
        _store_tally(comment)
    return judges


def recount(comment: Comment) -> str:
    """Return the text for `Comment.verdicts`, of the verdicts that count."""
    rows = SteelmanVerdict.objects.filter(COUNTED, comment=comment)
    figures = rows.aggregate(fair=Count("pk", Q(is_fair=True)), judges=Count("pk"))
    return str(VerdictCount(**figures))


def recount_reader(reader: User) -> None:
    """Recount the comments that `reader` judged, after a ban or its end."""
    recounts.recount(SteelmanVerdict.objects.filter(reader=reader), _store_tally)


def settle(rows: "QuerySet[SteelmanVerdict]", now: datetime) -> None:
    """Let the verdicts on the comments of `rows` count or not, and recount these comments."""
    recounts.settle(settling.STEELMAN_VERDICTS, rows, _store_tally, now)


def forget_reader(reader: User) -> None:
    """Delete the verdicts of `reader`, and recount their comments."""
    recounts.forget(SteelmanVerdict.objects.filter(reader=reader), _store_tally)


def _store_tally(comment: Comment) -> None:
    was_fair = VerdictCount.parse(comment.verdicts).is_fair
    comment.verdicts = recount(comment)
    comment.save(update_fields=["verdicts"])
    if not was_fair and VerdictCount.parse(comment.verdicts).is_fair:
        _tell_that_it_is_fair(comment)


def _tell_that_it_is_fair(comment: Comment) -> None:
    """Notify the writer of `comment`, once, that those it argues for call it fair.

    Not while the question hides its totals: that enough readers give an answer would tell.
    """
    if comment.argues_for is not None and comment.argues_for.question.shows_totals_to_all:
        news = News(comment.author_id, subject=comment.pk, target=comment.pk)
        notify(JUDGED_FAIR, news, cause=None)


def _refuse_own(argues_for: Stance, own: Stance | None) -> None:
    if argues_for == own:
        raise ActionRefused(
            _("You answer %(word)s yourself. Choose an answer that is not yours.")
            % {"word": argues_for.word},
            status=422,
        )


def _answer_of_judge(comment: Comment, reader: User) -> CurrentStance:
    """Return the answer of `reader`, which `comment` argues for; raises `ActionRefused`."""
    if comment.argues_for is None or not comment.is_readable:
        raise ActionRefused(_("There is nothing left to judge here."), status=404)
    if comment.author_id == reader.pk:
        raise ActionRefused(
            _("This is your own comment. Readers who give that answer judge it."), status=403
        )
    current = stances.current_stance(reader, comment.argues_for.question)
    if current is None or current.stance_id != comment.argues_for_id:
        raise ActionRefused(
            _("Only readers who answered %(word)s judge whether it is fair to them.")
            % {"word": comment.argues_for.word},
            status=403,
        )
    return current
