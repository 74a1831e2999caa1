"""A case: one comment with everything a moderator needs to decide about it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Suspension, User
from core import limits
from posts.models import Stance

from ..models import Comment, CommentState, CurrentStance
from ..models.moderation import Action, Decision, Flag, Reason
from . import permissions, words
from .actions import seen_token
from .forms import RemovalForm


@dataclass(frozen=True)
class Facts:
    """What is known of a writer: how many comments were published and removed, and suspensions."""

    published: int
    removed: int
    suspensions: int


@dataclass
class Case:
    """What the template of a case draws. An address is None where the act is not offered."""

    comment: Comment
    flags: list[Flag]
    history: list[Decision]
    facts: Facts
    flagged_from: list[tuple[Stance, int]]
    seen: str
    is_own: bool
    removal_form: RemovalForm
    stances: list[Stance] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """Why it waits, or an empty string."""
        waits = self.flags or self.comment.state == CommentState.HELD
        return words.why_in_queue(self.comment, self.flags) if waits else ""

    @property
    def told(self) -> list[tuple[str, str]]:
        """Each reason with the sentence its writer would read."""
        return [(code, words.removal_sentence(code)) for code in Reason.values]

    @property
    def told_now(self) -> str:
        """What the writer reads about the comment as it is, or an empty string."""
        if self.comment.state == CommentState.REMOVED:
            return words.removal_sentence(self.comment.removed_reason)
        return ""


def open_case(user: User, comment: Comment, removal_form: RemovalForm | None = None) -> Case:
    """Return the case of `comment`, fetched with its people and its post, for `user`."""
    flags = list(comment.flags.open().select_related("reporter").order_by("id"))
    history = list(comment.decisions.select_related("by", "note").order_by("-id"))
    case = Case(
        comment=comment,
        flags=flags,
        history=history,
        facts=facts_about(comment.author),
        flagged_from=_stances_of_reporters(comment, flags),
        seen=seen_token(comment, history[0] if history else None),
        is_own=comment.author_id == user.pk,
        removal_form=removal_form
        or RemovalForm(auto_id=f"remove-{comment.pk}-%s", comment=comment),
    )
    if permissions.can_judge(user, comment):
        _offer_decisions(case)
    if permissions.can_lock(user, comment):
        name = "unlock" if comment.thread.locked_at else "lock"
        case.urls[name] = reverse(f"comments:{name}", args=[comment.pk])
        if comment.is_readable and not comment.is_root:
            case.urls["detachment"] = reverse("comments:detachment", args=[comment.pk])
    if permissions.can_suspend(user, comment.author):
        case.urls["suspend"] = reverse("comments:suspension", args=[comment.author.handle])
    return case


def facts_about(person: User) -> Facts:
    """Return what is known of `person` as a writer."""
    found = Comment.objects.filter(author=person).aggregate(
        published=Count("pk", filter=Q(state=CommentState.PUBLISHED, deleted_at__isnull=True)),
        removed=Count("pk", filter=Q(state=CommentState.REMOVED)),
    )
    suspensions = Suspension.objects.filter(user=person).count()
    return Facts(**found, suspensions=suspensions)


@dataclass(frozen=True)
class Lately:
    """What a moderator decided a moment ago, and the way back: a form's address and fields."""

    decision: Decision
    url: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


def lately_decided(user: User, now: datetime | None = None) -> Lately | None:
    """Return what `user` decided last, if that was a moment ago, with the way back if any."""
    since = (now or timezone.now()) - timedelta(seconds=limits.UNDO_OFFER)
    last = (
        Decision.objects.whole()
        .filter(by=user, decided_at__gte=since)
        .select_related("by", "person")
        .order_by("-id")
        .first()
    )
    if last is None:
        return None
    name = _WAYS_BACK.get(Action(last.action))
    if name is None:
        return Lately(last)
    about = last.person.handle if last.person else last.comment_id or last.change_id
    fields = {"stance": last.state_before} if last.action == Action.RETAG else {}
    return Lately(last, reverse(f"comments:{name}", args=[about]), fields)


_WAYS_BACK: dict[Action, str] = {
    Action.APPROVE: "approval-undo",
    Action.DISMISS: "dismissal-undo",
    Action.REMOVE: "restoration",
    Action.REMOVE_BRANCH: "restoration",
    Action.LOCK: "unlock",
    Action.UNLOCK: "lock",
    Action.RETAG: "retag",
    Action.REMOVE_CHANGE: "change-restoration",
    Action.SUSPEND: "suspension-end",
    Action.BAN: "suspension-end",
}


def _offer_decisions(case: Case) -> None:
    comment = case.comment
    if comment.is_deleted:
        return
    names: list[str] = []
    if comment.state in {CommentState.HELD, CommentState.HIDDEN}:
        names = ["approval", "removal"]
    elif comment.state == CommentState.PUBLISHED:
        names = ["dismissal", "removal"] if case.flags else ["removal"]
    elif comment.state == CommentState.REMOVED:
        names = ["restoration"]
    case.urls |= {name: reverse(f"comments:{name}", args=[comment.pk]) for name in names}
    if comment.stance is not None:
        case.stances = list(_offered(comment))
        case.urls["retag"] = reverse("comments:retag", args=[comment.pk])


def _offered(comment: Comment) -> Any:
    assert comment.stance is not None
    offered = Stance.objects.filter(question=comment.stance.question_id, is_offered=True)
    return offered.exclude(steelmen=comment)


def _stances_of_reporters(comment: Comment, flags: list[Flag]) -> list[tuple[Stance, int]]:
    """Return where those who flagged stand: a pile-on by one side is worth knowing."""
    if comment.stance is None or not flags:
        return []
    rows = CurrentStance.objects.filter(
        question=comment.stance.question_id,
        reader__in=[flag.reporter_id for flag in flags],
        stance__isnull=False,
    ).select_related("stance")
    counted = Counter(row.stance for row in rows if row.stance)
    return sorted(counted.items(), key=lambda pair: pair[0].position)
