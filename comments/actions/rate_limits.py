"""Who is new here, what is held, and how often one may write."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core import limits
from core.db.prepared import Prepared
from core.exceptions import ActionRefused
from core.timestamps import read_stamp
from posts.models import Post

from ..models import Comment, CommentState, Reaction, StanceRecord, TakenBack
from ..permissions import is_exempt

HELD_NEWCOMER = "newcomer"
HELD_LINKS = "links"

# Changing one's answer is free; this stops a script from filling a history nobody may shorten.
RATE_ANSWERS = ((10, 10 * 60),)


def is_newcomer(person: User) -> bool:
    """Return whether fewer than `NEWCOMER_COMMENTS` of the person's comments were published."""
    if person.is_demo or person.is_staff:
        return False
    enough = limits.NEWCOMER_COMMENTS
    return len(_published(enough).rows(author=person.pk)) < enough


def reason_to_hold(person: User, post: Post, body_html: str, *, newcomer: bool) -> str:
    """Return why a comment has to wait for approval, or an empty string."""
    if is_exempt(person, post) or not newcomer:
        return ""
    if body_html.count("<a ") > limits.NEWCOMER_LINKS:
        return HELD_LINKS
    return HELD_NEWCOMER


def check_comment_rate(person: User, *, newcomer: bool, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before the next comment."""
    rates = limits.RATE_NEWCOMER if newcomer else limits.RATE_READER
    rows = _written(_longest(rates)).objects(author=person.pk, now=now)
    _check([row.created_at for row in rows], rates, now)


@cache
def _published(count: int) -> Prepared:
    """Return the query for so many comments of a writer that were published."""
    return Prepared(
        lambda author: (
            Comment.objects.filter(author=author, published_at__isnull=False)
            .order_by()
            .values_list("pk")[:count]
        ),
        author=int,
    )


@cache
def _written(count: int) -> Prepared:
    """Return the query for when a writer wrote the newest `count` comments.

    What lies ahead was written before the clock was set back, and stops nobody.
    """
    return Prepared(
        lambda author, now: (
            Comment.objects.filter(author=author, created_at__lte=now)
            .order_by("-created_at")
            .only("created_at")[:count]
        ),
        author=int,
        now=datetime,
    )


def check_answer_rate(person: User, *, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before changing an answer again."""
    recorded = StanceRecord.objects.filter(reader=person, recorded_at__lte=now)
    times = recorded.values_list("recorded_at", flat=True)
    _check(list(times.order_by("-id")[: _longest(RATE_ANSWERS)]), RATE_ANSWERS, now)


def check_reaction_rate(person: User, *, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before pressing "well argued" again.

    One query. What one sends at the very same moment may pass together: no lock is worth that.
    """
    longest = max(seconds for _count, seconds in limits.RATE_REACTIONS)
    since = now - timedelta(seconds=longest)
    rows = _PRESSED.rows(reader=person.pk, since=since, now=now)
    times = sorted((read_stamp(at) for (at,) in rows), reverse=True)
    seconds = _wait(times, limits.RATE_REACTIONS, now)
    if seconds:
        raise _pressed_a_lot(seconds)


def _pressed(reader: int, since: datetime, now: datetime) -> Any:
    """Return the query for when somebody pressed, also what they have taken back since."""
    standing = Reaction.objects.filter(reader=reader, created_at__gt=since, created_at__lte=now)
    gone = TakenBack.objects.filter(reader=reader, pressed_at__gt=since, pressed_at__lte=now)
    texts = (
        rows.order_by().values_list(Cast(column, TextField()))
        for rows, column in ((standing, "created_at"), (gone, "pressed_at"))
    )
    return next(texts).union(*texts, all=True)


_PRESSED = Prepared(_pressed, reader=int, since=datetime, now=datetime)


def _pressed_a_lot(seconds: int) -> ActionRefused:
    minutes = (seconds + 59) // 60
    text = ngettext(
        "You have pressed a lot. Please wait %(n)d minute, then press again.",
        "You have pressed a lot. Please wait %(n)d minutes, then press again.",
        minutes,
    ) % {"n": minutes}
    return ActionRefused(text, status=429, retry_after=seconds)


def _check(times: list[datetime], rates: tuple[tuple[int, int], ...], now: datetime) -> None:
    """Refuse if the last `count` of `times`, newest first, lie within `seconds`, for any rate."""
    seconds = _wait(times, rates, now)
    if seconds:
        raise too_fast(seconds)


def _wait(times: list[datetime], rates: tuple[tuple[int, int], ...], now: datetime) -> int:
    """Return how many seconds to wait until all rates are kept, 0 for none."""
    for count, seconds in rates:
        if len(times) >= count:
            wait = (times[count - 1] + timedelta(seconds=seconds) - now).total_seconds()
            if wait > 0:
                return int(wait) + 1
    return 0


def too_fast(seconds: int) -> ActionRefused:
    """Return the refusal that says to wait so many seconds."""
    if seconds < 120:
        text = ngettext(
            "That was quick. Please wait %(n)d second and send it again.",
            "That was quick. Please wait %(n)d seconds and send it again.",
            seconds,
        ) % {"n": seconds}
    else:
        minutes = (seconds + 59) // 60
        text = ngettext(
            "You have written a lot. Please wait %(n)d minute and send it again.",
            "You have written a lot. Please wait %(n)d minutes and send it again.",
            minutes,
        ) % {"n": minutes}
    return ActionRefused(text, status=429, retry_after=seconds)


def _longest(rates: tuple[tuple[int, int], ...]) -> int:
    return max(count for count, _seconds in rates)


def refuse_unless_open(parent: Comment, *, exempt: bool) -> None:
    """Raise `ActionRefused` if no reply to `parent` can be taken.

    Its thread has to be read afresh.
    """
    if parent.is_deleted or parent.state != CommentState.PUBLISHED:
        raise ActionRefused(
            _(
                "The comment you answer is no longer there. Your words are kept below; "
                "you can post them as a thread of their own."
            ),
            status=404,
        )
    if parent.thread.locked_at is not None and not exempt:
        raise ActionRefused(
            _("This thread is closed to new replies. Your words are kept below."), status=403
        )
    if not parent.takes_depth:
        raise ActionRefused(_deepest_sentence(parent), status=409)


def _deepest_sentence(parent: Comment) -> str:
    above = parent.parent or parent
    # The address in words of its own, so that no translation has to carry HTML.
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This thread cannot go any deeper. Your words are kept below; please answer instead"),
        above.get_absolute_url(),
        _("the comment by %(handle)s") % {"handle": above.author.handle},
    )
