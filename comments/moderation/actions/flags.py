"""Report a comment to the moderators."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import drafts
from accounts.models import User
from accounts.permissions import why_not_write
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ... import draft_places
from ...locks import lock_alone, lock_person
from ...models import Comment
from ...models.moderation import Flag
from ...permissions import can_write
from . import log

# Seconds.
HOUR = 60 * 60
DAY = 24 * HOUR


@dataclass(frozen=True)
class Flagged:
    """The result of reporting: the flag in force, and whether this call raised it."""

    flag: Flag
    is_new: bool


@retried
def raise_flag(
    comment: Comment,
    *,
    by: User,
    reason: str,
    note: str = "",
    seen: str = "",
    now: datetime | None = None,
) -> Flagged:
    """Report `comment`, or return the earlier flag of `by` that is still in force.

    The flag names the text whose token is `seen` (`log.text_token`), by default the present one.
    Raises `ActionRefused`: 404 for a comment that is not readable any more, 403 if `by` may not
    write any more, 429 after `FLAGS_PER_DAY` reports within a day.
    """
    now = now or timezone.now()
    reporter, comment = lock_person(by), _lock_with_text(comment)
    _refuse_unless_allowed(reporter, comment, now)
    drafts.forget(reporter.pk, draft_places.of_flag(comment))
    earlier = flag_in_force(comment, reporter)
    if earlier is not None:
        return Flagged(earlier, is_new=False)
    _refuse_if_too_many(reporter, now)
    flag = Flag.objects.create(
        comment=comment,
        reporter=reporter,
        reason=reason,
        note=note,
        text_number=_number_of_text(comment, seen),
        created_at=now,
    )
    return Flagged(flag, is_new=True)


def flag_in_force(comment: Comment, reporter: User) -> Flag | None:
    """Return the flag of `reporter` on `comment` that is still in force, or None.

    That is an open flag, or one that moderators have answered if the text is unchanged since: they
    do not decide twice about one text.
    """
    flag = comment.flags.filter(reporter=reporter).select_related("decision").order_by("id").last()
    if flag is None or flag.decision is None:
        return flag
    is_unchanged = flag.decision.body_sha256 == log.body_hash(comment)
    return flag if is_unchanged else None


def _refuse_unless_allowed(reporter: User, comment: Comment, now: datetime) -> None:
    if not comment.is_readable:
        raise ActionRefused(_("This comment is gone. You need not report it."), status=404)
    if not can_write(reporter, now):
        raise ActionRefused(why_not_write(reporter), status=403)


def _lock_with_text(comment: Comment) -> Comment:
    """Return `comment`, reloaded and locked, with the text that it has now."""
    locked = lock_alone(comment)
    locked.body = Comment.objects.values_list("body", flat=True).get(pk=locked.pk)
    return locked


def _number_of_text(comment: Comment, seen: str) -> int:
    """Return the number of the text with the token `seen`, by default of the present text."""
    if seen and seen != log.text_token(comment.body):
        for revision in comment.revisions.order_by("-number"):
            if log.text_token(revision.body) == seen:
                return revision.number
    return comment.revisions.next_number()


def _refuse_if_too_many(reporter: User, now: datetime) -> None:
    """Raise `ActionRefused` (429) if `reporter` has raised `FLAGS_PER_DAY` flags in a day."""
    times = Flag.objects.filter(reporter=reporter).order_by("-created_at")
    oldest = times.values_list("created_at", flat=True)[limits.FLAGS_PER_DAY - 1 :].first()
    if oldest is None:
        return
    seconds = int((oldest + timedelta(seconds=DAY) - now).total_seconds()) + 1
    if seconds <= 1:
        return
    hours = -(-seconds // HOUR)
    text = ngettext(
        "You have reported a lot today. Thank you; the moderators will look at all of it. "
        "You can report more in %(n)d hour.",
        "You have reported a lot today. Thank you; the moderators will look at all of it. "
        "You can report more in %(n)d hours.",
        hours,
    ) % {"n": hours}
    raise ActionRefused(text, status=429, retry_after=seconds)
