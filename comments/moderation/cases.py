"""A moderation case: one comment with everything a moderator needs to decide about it."""

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
from ..models.moderation import Action, Decision, EndReason, Flag
from . import permissions, sentences, states
from .actions import seen_token
from .earlier_comments import EarlierComment, earlier_comments
from .forms import RemovalForm
from .reported_texts import ReportedText, earlier_texts


@dataclass(frozen=True)
class Facts:
    """A writer's record: how many comments are published and removed, and how many suspensions."""

    published: int
    removed: int
    suspensions: int


@dataclass
class Case:
    """The context of the template of a case. `urls` has an address for each act that is offered.

    `flagged_from` counts the reporters by current stance; `seen` is the token of `seen_token`.
    """

    comment: Comment
    flags: list[Flag]
    history: list[Decision]
    facts: Facts
    flagged_from: list[tuple[Stance, int]]
    seen: str
    is_own: bool
    removal_form: RemovalForm
    before: list[EarlierComment] = field(default_factory=list)
    # Whether there are earlier texts, those of silent edits included.
    is_edited: bool = False
    reported: list[ReportedText] = field(default_factory=list)
    stances: list[Stance] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """Why the comment is held, or ""; what readers reported stands in a list of its own."""
        is_held = self.comment.state == CommentState.HELD
        return sentences.why_in_queue(self.comment, []) if is_held else ""

    @property
    def visible_to(self) -> str:
        """Who sees the comment in the discussion, in words."""
        return sentences.visible_to(self.comment)

    @property
    def reported_numbers(self) -> set[int]:
        """The numbers of the earlier texts that flags are about."""
        return {text.revision.number for text in self.reported}

    @property
    def sentence_now(self) -> str:
        """The sentence that the writer of a removed comment reads, or ""."""
        if self.comment.state == CommentState.REMOVED:
            return sentences.removal_sentence(self.comment.removed_reason)
        return ""


def open_case(user: User, comment: Comment, removal_form: RemovalForm | None = None) -> Case:
    """Return the case of `comment`, loaded with its people and post, for the moderator `user`."""
    flags = list(comment.flags.open().with_records().select_related("reporter").order_by("id"))
    history = list(
        comment.decisions.select_related("by", "note", "sentence_to_readers").order_by("-id")
    )
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
        before=earlier_comments(comment, user),
        is_edited=comment.revisions.exists(),
    )
    if flags and case.is_edited:
        case.reported = earlier_texts(comment, flags)
    if permissions.can_judge(user, comment):
        _offer_decisions(case)
    if permissions.can_lock(user, comment):
        case.urls["lock"] = reverse("comments:lock", args=[comment.pk])
        if comment.is_readable and not comment.is_root:
            case.urls["detachment"] = reverse("comments:detachment", args=[comment.pk])
    if permissions.can_suspend(user, comment.author):
        case.urls["suspend"] = reverse("comments:suspension", args=[comment.author.handle])
    return case


def facts_about(person: User) -> Facts:
    """Count the published and removed comments and the suspensions of `person`."""
    found = Comment.objects.filter(author=person).aggregate(
        published=Count("pk", filter=Q(state=CommentState.PUBLISHED, deleted_at__isnull=True)),
        removed=Count("pk", filter=Q(state=CommentState.REMOVED)),
    )
    suspensions = Suspension.objects.filter(user=person).count()
    return Facts(**found, suspensions=suspensions)


@dataclass(frozen=True)
class RecentDecision:
    """A decision just made, with address and hidden fields of the form that undoes it.

    `url` is None for a decision that cannot be undone.
    """

    decision: Decision
    url: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


def recent_decision(user: User, now: datetime | None = None) -> RecentDecision | None:
    """Return the last decision of `user` if it is at most `UNDO_OFFER` seconds old, else None."""
    since = (now or timezone.now()) - timedelta(seconds=limits.UNDO_OFFER)
    last = (
        Decision.objects.whole()
        .filter(by=user, decided_at__gte=since)
        .select_related("by", "person", "post", "comment__author")
        .order_by("-id")
        .first()
    )
    return None if last is None else with_undo(last)


def with_undo(decision: Decision) -> RecentDecision:
    """Return `decision` with the form that undoes it, which names it: a later one stays."""
    name = _UNDO_VIEWS.get(Action(decision.action))
    if name is None or _took_the_place(decision):
        return RecentDecision(decision)
    about = _subject_of(decision)
    fields = {"seen": str(decision.pk)}
    if decision.action == Action.RETAG:
        fields["stance"] = decision.state_before
    if decision.action in _ENDED_WITH_A_REASON:
        fields["reason"] = EndReason.UNDONE.value
    return RecentDecision(decision, reverse(f"comments:{name}", args=[about]), fields)


def _took_the_place(decision: Decision) -> bool:
    """Whether `decision` is a lock or closing over that of an author.

    It is ended with a reason: an undo would have to bring back the author's, which is over.
    """
    is_over = decision.state_before in {states.LOCKED, states.CLOSED}
    return is_over and decision.action in {Action.LOCK, Action.CLOSE}


def _subject_of(decision: Decision) -> Any:
    """Return how addresses name what `decision` is about: a handle, a slug or an id."""
    if decision.person is not None:
        return decision.person.handle
    if decision.post is not None:
        return decision.post.slug
    return decision.comment_id or decision.change_id


_UNDO_VIEWS: dict[Action, str] = {
    Action.APPROVE: "approval-undo",
    Action.DISMISS: "dismissal-undo",
    Action.REMOVE: "restoration",
    Action.REMOVE_BRANCH: "restoration",
    Action.LOCK: "unlock",
    Action.CLOSE: "discussion-open",
    Action.RETAG: "retag",
    Action.REMOVE_CHANGE: "change-restoration",
    Action.SUSPEND: "suspension-end",
    Action.BAN: "suspension-end",
}


_ENDED_WITH_A_REASON = {Action.LOCK, Action.CLOSE, Action.SUSPEND, Action.BAN}


def _offer_decisions(case: Case) -> None:
    """Add to `case` the addresses of the decisions that its comment's state allows."""
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
    """Return the stances to which a moderator may re-tag `comment`."""
    assert comment.stance is not None
    offered = Stance.objects.filter(question=comment.stance.question_id, is_offered=True)
    return offered.exclude(steelmen=comment)


def _stances_of_reporters(comment: Comment, flags: list[Flag]) -> list[tuple[Stance, int]]:
    """Count the reporters by current stance; it shows whether one side flags together."""
    if comment.stance is None or not flags:
        return []
    rows = CurrentStance.objects.filter(
        question=comment.stance.question_id,
        reader__in=[flag.reporter_id for flag in flags],
        stance__isnull=False,
    ).select_related("stance")
    counted = Counter(row.stance for row in rows if row.stance)
    return sorted(counted.items(), key=lambda pair: pair[0].position)
