"""The states of threads and people as codes in the log, and the words for every code."""

from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Admission, Role, User
from core.timestamps import moment_of

from ..models import Comment, CommentState
from ..models.moderation import Decision

# A published or held comment with open flags.
FLAGGED = "flagged"
OPEN = "open"
LOCKED = "locked"
CLOSED = "closed"
THREAD = "thread"
SHOWN = "shown"
REMOVED = "removed"
FREE = "free"
BANNED = "banned"
SUSPENDED = "suspended"
NO_ROLE = "reader"
ADMITTED = "admitted"
_NOT_REMOVED = {state.value for state in CommentState} - {CommentState.REMOVED.value}
# Roles are joined with it: "author+moderator".
_AND = "+"
_TIME = "%Y-%m-%dT%H:%M:%SZ"

_LABELS: dict[str, str | Promise] = {
    **{state.value: state.label for state in CommentState},
    **{role.value: role.label for role in Role},
    FLAGGED: _("reported"),
    OPEN: _("open"),
    LOCKED: _("locked"),
    CLOSED: _("closed"),
    THREAD: _("a thread of its own"),
    SHOWN: _("shown"),
    FREE: _("free to write"),
    BANNED: _("banned"),
    SUSPENDED: _("suspended"),
    NO_ROLE: _("no role"),
    **{state.value or ADMITTED: state.label for state in Admission},
}


def of_person(person: User, now: datetime) -> str:
    """Return the code for whether `person` may write at `now`, and from when on again."""
    if person.is_banned:
        return BANNED
    if person.suspended_until is None or not person.is_suspended(now):
        return FREE
    return f"{SUSPENDED} {person.suspended_until.astimezone(UTC):{_TIME}}"


def before_removal(comment: Comment, removal: Decision | None) -> CommentState:
    """Return the state of the removed `comment` before the decision `removal`."""
    if removal is not None and removal.state_before in _NOT_REMOVED:
        return CommentState(removal.state_before)
    was_published = comment.published_at is not None
    return CommentState.PUBLISHED if was_published else CommentState.HELD


def of_admission(person: User) -> str:
    """Return the code for whether the account of `person` was approved."""
    return person.admission or ADMITTED


def of_roles(person: User) -> str:
    """Return the code for the roles that `person` holds, read from the database."""
    held = person.role_grants.order_by("role").values_list("role", flat=True)
    return _AND.join(held) or NO_ROLE


def roles_of(code: str) -> list[str]:
    """Return the roles that a code of `of_roles` names."""
    return [] if code == NO_ROLE else code.split(_AND)


def label(code: str) -> str:
    """Return the words for a code, also of older rows; an unknown one, as a stance, is itself."""
    first, _space, rest = code.partition(" ")
    if first == SUSPENDED and rest:
        return str(_("suspended until %(when)s") % {"when": time_label(_time(rest))})
    if _AND in code:
        return ", ".join(map(label, code.split(_AND)))
    return str(_LABELS.get(code, code))


def changed_roles(before: str, after: str) -> str:
    """Return the words for the roles that only one of two codes of `of_roles` has."""
    changed = set(before.split(_AND)) ^ set(after.split(_AND))
    return ", ".join(map(label, sorted(changed - {NO_ROLE, ""})))


def time_label(at: datetime | None) -> str:
    """Return `at` as all pages write a moment; "" for None."""
    return moment_of(at) if at else ""


def _time(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
