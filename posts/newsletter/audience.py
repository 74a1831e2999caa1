"""Count who will get an article by e-mail, and how far sending is, for its authors.

Below five no number is said: an author who knows a few of the followers would see from it which of
them has ended it, as with the totals of answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from core import limits
from notifications.following.telling import FollowAudience, FollowReason, followers_of
from notifications.kinds import Way
from notifications.mailing import scopes
from notifications.mailing.models import MailChoice, Outgoing, StoppedAddress
from notifications.mailing.receivers import reachable

from ..actions import announcements
from ..followed import SERIES
from ..models import Announcement, Post
from ..notifications import FOLLOWED


@dataclass(frozen=True)
class Reach:
    """How many get an article: `expected` before it is sent; afterwards `sent` of `total`.

    `is_begun` says that no choice counts any more: it is sent, or it never will be.
    """

    is_mailed: bool
    is_begun: bool
    expected: int = 0
    total: int = 0
    done: int = 0
    sent: int = 0

    @property
    def is_going_on(self) -> bool:
        """Whether some mails are neither sent nor dropped."""
        return self.done < self.total

    @property
    def is_few(self) -> bool:
        """Whether there are so few that their number is not said."""
        return 0 < (self.total if self.is_begun else self.expected) < limits.TOTALS_DOTS_FROM


def reach_of(post: Post, now: datetime | None = None) -> Reach:
    """Return how many will get `post`, or have got it, in a fixed number of queries."""
    is_mailed = post.mailed_as != Post.MailedAs.NONE
    if _waits(post, now or timezone.now()):
        return Reach(is_mailed, is_begun=False, expected=_expected(post) if is_mailed else 0)
    rows = Outgoing.objects.filter(issue=post.pk, target="post")
    counts: dict[str, Any] = rows.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        sent=Count("pk", filter=Q(state="sent")),
    )
    return Reach(is_mailed, is_begun=True, **counts)


def _waits(post: Post, now: datetime) -> bool:
    """Return whether followers are still to be told of `post`; of an older one nobody is."""
    planned = Announcement.objects.filter(post=post).first()
    if planned is not None:
        return planned.told_at is None
    return post.first_publication(now) is None


def _expected(post: Post) -> int:
    """Return how many people and addresses would get `post` if it were published now."""
    reasons = announcements.reasons_of(post, as_published=True)
    rows = FollowAudience().of(reasons).order_by()
    stopped = StoppedAddress.objects.values("address")
    addresses = rows.exclude(address="").exclude(address__in=stopped)
    people = reachable(User.objects.filter(pk__in=rows.values("user")))
    people = people.exclude(pk__in=post.author_ids).exclude(pk__in=_unwilling(post, reasons))
    return int(addresses.values("address").distinct().count() + people.count())


def _unwilling(post: Post, reasons: Sequence[FollowReason]) -> Any:
    """Return the ids of those who chose to get no e-mail about `post`.

    The nearest choice counts, as in `notifications.mailing.ways`: for the article, for its series,
    for the kind of their strongest reason, for all that they follow.
    """
    part = getattr(post, "part", None)
    targets = [("post", post.pk), *([(SERIES, part.series_id)] if part else [])]
    nearest = [scopes.of_target(*target) for target in targets]
    group = scopes.of_groups([FOLLOWED])
    kinds = [scopes.of_kinds([reason.kind]) for reason in reasons]
    none = MailChoice.objects.filter(way=Way.NONE, scope__in=[*nearest, *kinds, group])
    people = User.objects.filter(pk__in=none.values("person"))
    people = people.annotate(strongest=_strongest(reasons, kinds))
    chosen = [_chosen(scope) for scope in (*nearest, OuterRef("strongest"), group)]
    return people.annotate(way=Coalesce(*chosen)).filter(way=Way.NONE).values("pk")


def _strongest(reasons: Sequence[FollowReason], kinds: Sequence[str]) -> Case:
    """Return the expression for the scope of the kind of a person's first of `reasons`."""
    return Case(
        *(
            When(Exists(followers_of([reason]).filter(user=OuterRef("pk"))), then=Value(kind))
            for reason, kind in zip(reasons, kinds, strict=True)
        ),
        default=Value(""),
    )


def _chosen(scope: Any) -> Subquery:
    """Return the expression for the way that a person chose for `scope`, NULL without a choice."""
    of_person = MailChoice.objects.filter(person=OuterRef("pk"), scope=scope)
    return Subquery(of_person.values("way")[:1])
