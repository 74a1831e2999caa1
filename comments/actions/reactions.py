"""Press "well argued", and take it back. Each is one transaction.

The tally by answer is in the comment's row, recounted under its lock: simultaneous presses leave
one row each and the right tally. Rankings are computed later, by a job.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import limits
from core.db.prepared import Prepared, PreparedInsert, PreparedUpdate
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..locks import lock_alone
from ..models import Comment, Reaction, TakenBack
from ..models.counted import COUNTED
from ..permissions import is_exempt
from ..ranking.stored_columns import NO_ANSWER, CountsByAnswer
from . import rate_limits, recounts, settling, stances


@retried
def press(comment: Comment, *, by: User, now: datetime | None = None) -> bool:
    """Store that `by` finds `comment` well argued; return False if it was stored before.

    The caller has checked that `by` may write. Raises `ActionRefused` for the reader's own comment
    (403), for one that is not readable any more (404), and for too many presses (429).
    """
    now = now or timezone.now()
    comment = lock_alone(comment)
    if comment.author_id == by.pk:
        raise ActionRefused(
            _("This is your own comment. Only others can mark it as well argued."), status=403
        )
    if not comment.is_readable:
        raise ActionRefused(_("This comment is no longer there."), status=404)
    if has_pressed(comment, by):
        return False
    if not is_exempt(by, comment.post):
        rate_limits.check_reaction_rate(by, now=now)
    question = comment.post.question_or_none
    current = stances.current_stance(by, question) if question else None
    since = settling.of_reaction(by, current, now=now, text_at=comment.published_at or now)
    _NEW.run(
        Reaction(
            post=comment.post,
            comment=comment,
            reader=by,
            created_at=now,
            **since._asdict(),
        )
    )
    if since.settled_at:
        _store_tally(comment)
        if shows_tally(comment, now):
            comment.post.bump_page_version()
    return True


@retried
def take_back(comment: Comment, *, by: User, now: datetime | None = None) -> bool:
    """Delete the reaction of `by` to `comment`; return False if there is none.

    Its time is stored for as long as it counts for the reader's rate limit.
    """
    comment = lock_alone(comment)
    pressed = Reaction.objects.filter(comment=comment, reader=by).first()
    if pressed is None:
        return False
    pressed.delete()
    if pressed.created_at > _rates_look_back(now or timezone.now()):
        TakenBack.objects.create(reader=by, pressed_at=pressed.created_at)
    _store_tally(comment)
    comment.post.bump_page_version()  # in any case: the ranking sees no row that is gone
    return True


_NEW = PreparedInsert(Reaction)


def _store_tally(comment: Comment) -> None:
    comment.well_argued = recount(comment)
    _STORE.run(pk=comment.pk, tally=comment.well_argued)


_STORE = PreparedUpdate(
    lambda pk, tally: (Comment.objects.filter(pk=pk), {"well_argued": tally}), pk=int, tally=str
)


def recount(comment: Comment) -> str:
    """Return the text for `Comment.well_argued`, of the reactions that count."""
    return str(CountsByAnswer(_COUNTS.rows(comment=comment.pk)))


def _counts(comment: int) -> Any:
    rows = Reaction.objects.filter(COUNTED, comment=comment).order_by()
    return rows.values_list(Coalesce("stance_id", NO_ANSWER)).annotate(number=Count("pk"))


_COUNTS = Prepared(_counts, comment=int)


def shows_tally(comment: Comment, now: datetime) -> bool:
    """Return whether `comment` is old enough for its tally to be shown."""
    return now - comment.created_at >= timedelta(seconds=limits.TALLY_AFTER)


def recount_reader(reader: User) -> None:
    """Recount the comments that `reader` pressed, after a ban or its end."""
    recounts.recount(Reaction.objects.filter(reader=reader), _store_tally)


def settle_due(now: datetime | None = None) -> None:
    """Let the reactions count that begin to, and recount their comments; called each minute."""
    now = now or timezone.now()
    recounts.settle(settling.REACTIONS, settling.REACTIONS.waiting(now), _store_tally, now)


def forget_taken_back() -> None:
    """Delete taken-back reactions that count for no rate limit any more; called each minute."""
    TakenBack.objects.filter(pressed_at__lte=_rates_look_back(timezone.now())).delete()


def _rates_look_back(now: datetime) -> datetime:
    return now - timedelta(seconds=max(seconds for _count, seconds in limits.RATE_REACTIONS))


def forget_reader(reader: User) -> None:
    """Delete the reactions of `reader`, and recount their comments."""
    TakenBack.objects.filter(reader=reader).delete()
    recounts.forget(Reaction.objects.filter(reader=reader), _store_tally)


def has_pressed(comment: Comment, reader: User) -> bool:
    """Return whether `reader` finds `comment` well argued."""
    return reaction_of(comment, reader) is not None


def reaction_of(comment: Comment, reader: User) -> Reaction | None:
    """Return the reaction of `reader` to `comment`, None for none."""
    found: list[Reaction] = _PRESSED.objects(comment=comment.pk, reader=reader.pk)
    return found[0] if found else None


_PRESSED = Prepared(
    lambda comment, reader: Reaction.objects.filter(comment=comment, reader=reader).order_by(),
    comment=int,
    reader=int,
)
