"""The sentences of moderation, for writers and for moderators."""

from datetime import datetime

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.numbers import grouped
from publication import current

from ..actions.premoderation import HELD_LINKS, HELD_NEWCOMER
from ..models import Comment, CommentState
from ..models.moderation import (
    UNEXPLAINED,
    Action,
    Decision,
    DiscussionReason,
    EndReason,
    Flag,
    PersonReason,
    Reason,
    ThreadReason,
)
from . import states

# Seconds.
MINUTE = 60
# Reason of comments that a moderator put back into the queue; the other reasons for holding are in
# `comments.actions.premoderation`.
HELD_REVIEW = "review"

# To the authors of an article, about a lock or closing by a moderator.
ONLY_MODERATORS_END = _(
    "A moderator decided this. Only moderators can end it. Nothing was changed."
)

_HELD_FOR_MODERATORS = {
    HELD_NEWCOMER: _("Held: one of the first comments by a new account"),
    HELD_LINKS: _("Held: several links, by a new account"),
    HELD_REVIEW: _("Held: to be looked at again"),
}
_HELD_FOR_WRITER = {
    HELD_LINKS: _("It waits for a moderator, because it has several links."),
    HELD_REVIEW: _("It waits for a moderator, who wants to look at it again."),
}
_VISIBLE_TO = {
    CommentState.PUBLISHED: _("Readers can see it"),
    CommentState.HELD: _("Only its writer and moderators can see it"),
    CommentState.HIDDEN: _("Hidden after reports: only its writer and moderators can see it"),
    CommentState.REMOVED: _("Removed: only its writer and moderators can see it"),
}
_DECIDED = {
    Action.APPROVE: _("%(who)s approved this comment %(when)s."),
    Action.REMOVE: _("%(who)s removed this comment %(when)s, because it %(reason)s."),
    Action.REMOVE_BRANCH: _(
        "%(who)s removed this comment and all replies to it %(when)s, because it %(reason)s."
    ),
    Action.RESTORE: _("%(who)s restored this comment %(when)s."),
    Action.DISMISS: _("%(who)s kept this comment %(when)s; its reports are dismissed."),
    Action.REOPEN: _("%(who)s put this comment back in the queue %(when)s."),
    Action.LOCK: _("%(who)s locked this thread %(when)s."),
    Action.UNLOCK: _("%(who)s unlocked this thread %(when)s."),
    Action.CLOSE: _("%(who)s closed this discussion %(when)s, because it %(reason)s."),
    Action.OPEN: _("%(who)s opened this discussion again %(when)s, because %(reason)s."),
    Action.DETACH: _("%(who)s made this comment a thread of its own %(when)s."),
    Action.RETAG: _("%(who)s changed the answer of this comment %(when)s."),
    Action.REMOVE_CHANGE: _("%(who)s removed this change of mind %(when)s, because it %(reason)s."),
    Action.RESTORE_CHANGE: _("%(who)s restored this change of mind %(when)s."),
    Action.SUSPEND: _(
        "%(who)s suspended this person %(when)s, until %(until)s, because %(because)s."
    ),
    Action.BAN: _("%(who)s banned this person %(when)s, because %(because)s."),
    Action.LIFT: _("%(who)s lifted the suspension of this person %(when)s."),
    Action.ADMIT: _("%(who)s approved this account %(when)s."),
    Action.DECLINE: _("%(who)s declined this account %(when)s."),
    Action.GRANT: _("%(who)s gave this person the role %(role)s %(when)s."),
    Action.REVOKE: _("%(who)s took the role %(role)s from this person %(when)s."),
}
# Of decisions that have a reason since a later version of the site.
_EXPLAINED = {
    Action.LOCK: _("%(who)s locked this thread %(when)s, because it %(reason)s."),
    Action.UNLOCK: _("%(who)s unlocked this thread %(when)s, because %(reason)s."),
    Action.LIFT: _("%(who)s lifted the suspension of this person %(when)s, because %(reason)s."),
}
# Of an undo, for which nobody gave a reason.
_UNDONE = {
    Action.UNLOCK: _("%(who)s undid the lock of this thread %(when)s."),
    Action.OPEN: _("%(who)s undid the closing of this discussion %(when)s."),
    Action.LIFT: _("%(who)s undid the suspension of this person %(when)s."),
}
# Of a decision for another reason, which a sentence to readers says.
_IN_A_SENTENCE = {
    Action.LOCK: _("%(who)s locked this thread %(when)s. The reason: “%(sentence)s”"),
    Action.CLOSE: _("%(who)s closed this discussion %(when)s. The reason: “%(sentence)s”"),
}
_LABELS = {
    code: label
    for reasons in (Reason, PersonReason, ThreadReason, DiscussionReason, EndReason)
    for code, label in reasons.choices
}


def reason_label(code: str) -> str:
    """Return the label of a reason code of any enumeration; that of "other" for an unknown one.

    Labels of reasons for removals and locks follow "it", of those for suspensions "they" or "you".
    """
    return str(_LABELS.get(code, Reason.OTHER.label))


def removal_sentence(reason: str) -> str:
    """Return the sentence to the writer of a comment removed for `reason`."""
    return str(
        _("A moderator removed your comment because it %(reason)s.")
        % {"reason": reason_label(reason)}
    )


def change_removal_sentence(reason: str) -> str:
    """Return the sentence to the giver of a change of mind removed for `reason`."""
    return str(
        _("A moderator removed your change of mind, because it %(reason)s.")
        % {"reason": reason_label(reason)}
    )


def held_sentence(held_reason: str) -> str:
    """Return the sentence to the writer of a held comment."""
    known = _HELD_FOR_WRITER.get(held_reason)
    return str(known) if known else newcomer_sentence()


def newcomer_sentence(left: int | None = None) -> str:
    """Return why the first comments of a person are held.

    `left` is how many of theirs have yet to be approved, None where nobody counted them.
    """
    first = current.current().newcomer_comments
    if not first:
        return str(_("A moderator checks it before it appears."))
    if left in (None, first):
        return ngettext(
            "Your first comment is checked before it appears.",
            "Your first %(n)d comments are checked before they appear.",
            first,
        ) % {"n": first}
    return ngettext(
        "Once it is approved, what you write appears at once.",
        "Your next %(n)d comments are checked before they appear.",
        left or 1,
    ) % {"n": left}


def suspension_sentence(reason: str, until: datetime | None) -> str:
    """Return the sentence to a suspended person; no `until` is a ban, no `reason` is not named."""
    because = _("you %(reason)s") if reason in PersonReason else _("what you wrote %(reason)s")
    words = {
        "because": because % {"reason": reason_label(reason)},
        "when": states.time_label(until),
    }
    if until is None:
        plain = _("You can no longer write.")
        explained = _("You can no longer write, because %(because)s.")
    else:
        plain = _("You cannot write until %(when)s.")
        explained = _("You cannot write until %(when)s, because %(because)s.")
    return str((explained if reason else plain) % words)


def past_suspension_sentence(until: datetime) -> str:
    """Return the sentence about a suspension that ended at `until` by itself."""
    when = states.time_label(until)
    return str(_("You could not write until %(when)s. You can write again.") % {"when": when})


def of_suspension(person: User) -> str:
    """Return why `person` cannot write and until when, read from the database; "" if they can."""
    if not person.is_suspended():
        return ""
    newest = person.suspensions.filter(lifted_at__isnull=True).order_by("-pk").first()
    until = None if person.is_banned else person.suspended_until
    return suspension_sentence(newest.reason if newest else "", until)


def visible_to(comment: Comment) -> str:
    """Return who can see `comment` in the discussion."""
    return str(_VISIBLE_TO[CommentState(comment.state)])


def record_of(flag: Flag) -> str:
    """Return which other comments the reporter of `flag` reported, and what became of them.

    Needs `FlagQuerySet.with_records`.
    """
    others: int = flag.others_reported  # type: ignore[attr-defined]
    removed: int = flag.others_removed  # type: ignore[attr-defined]
    waiting: int = flag.others_waiting  # type: ignore[attr-defined]
    if not others:
        return str(_("Reported no other comment."))
    reported = ngettext(
        "Reported %(n)s other comment; %(outcome)s.",
        "Reported %(n)s other comments; %(outcome)s.",
        others,
    )
    outcome = _outcome(removed, waiting, others - removed - waiting)
    return reported % {"n": grouped(others), "outcome": outcome}


def _outcome(removed: int, waiting: int, stayed: int) -> str:
    """Return how many of the comments that somebody reported were removed, wait and stayed."""
    if not removed + waiting:
        return ngettext("it stayed", "all stayed", stayed)
    if not waiting + stayed:
        return ngettext("it was removed", "all were removed", removed)
    if not removed + stayed:
        return ngettext("it is still undecided", "all are still undecided", waiting)
    parts = [
        (removed, ngettext("%(n)s was removed", "%(n)s were removed", removed)),
        (waiting, ngettext("%(n)s is still undecided", "%(n)s are still undecided", waiting)),
        (stayed, ngettext("%(n)s stayed", "%(n)s stayed", stayed)),
    ]
    return ", ".join(part % {"n": grouped(number)} for number, part in parts if number)


def why_in_queue(comment: Comment, flags: list[Flag]) -> str:
    """Return why a comment waits for a decision: held, and its number of flags with reasons."""
    parts = []
    if comment.state == CommentState.HELD:
        fallback = _("Held")
        parts.append(str(_HELD_FOR_MODERATORS.get(comment.held_reason, fallback)))
    if flags or not parts:
        reasons = ", ".join(dict.fromkeys(reason_label(flag.reason) for flag in flags))
        count = ngettext("%(n)s report", "%(n)s reports", len(flags)) % {"n": grouped(len(flags))}
        parts.append(f"{count}: {reasons}")
    return "; ".join(parts)


def decided(decision: Decision, now: datetime | None = None) -> str:
    """Return a sentence about `decision`: its moderator, action, age and reason."""
    action, reason = Action(decision.action), decision.reason
    to_readers = _sentence_to_readers(decision)
    sentence = _EXPLAINED.get(action, _DECIDED[action]) if reason else _DECIDED[action]
    if reason == EndReason.UNDONE:
        sentence = _UNDONE.get(action, sentence)
    if to_readers:
        sentence = _IN_A_SENTENCE.get(action, sentence)
    words = {
        "who": decided_by(decision),
        "when": age(decision.decided_at, now or timezone.now()),
        "reason": reason_label(reason),
        "because": _about_them(reason),
        "sentence": to_readers,
        "until": states.time_label(decision.until),
        "role": states.changed_roles(decision.state_before, decision.state_after),
    }
    return str(sentence % words)


def _sentence_to_readers(decision: Decision) -> str:
    """Return what a decision for another reason tells readers, "" where a reason says it."""
    if decision.action not in _IN_A_SENTENCE or decision.reason not in UNEXPLAINED:
        return ""
    return str(getattr(decision, "sentence_to_readers", ""))


def decided_by(decision: Decision) -> str:
    """Return the name of the person who decided, or that it came from the command line."""
    if decision.by is None:
        return str(_("Somebody at the command line of the server"))
    return decision.by.display_name


def _about_them(reason: str) -> str:
    """Return the reason for a suspension as a clause after "because"; older ones speak of texts."""
    text = _("they %(reason)s") if reason in PersonReason else _("what they wrote %(reason)s")
    return str(text % {"reason": reason_label(reason)})


def age(at: datetime, now: datetime) -> str:
    """Return how long before `now` the time `at` was, as text."""
    if (now - at).total_seconds() < MINUTE:
        return str(_("just now"))
    return str(_("%(time)s ago") % {"time": timesince(at, now, depth=1)})
