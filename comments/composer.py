"""The composer: the form in which a reader answers, and what its template needs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from core import limits
from core.caching.reverse import address
from posts.models import Post, Stance

from . import permissions, seals, stances
from .forms import CommentForm
from .models import Comment, SeenTotals


@dataclass
class Composer:
    """A form for one post, for `reader`, perhaps in answer to `parent`."""

    form: CommentForm
    post: Post
    action: str
    reader: Any
    parent: Comment | None = None
    preview: SafeString | None = None
    refusal: str = ""
    typed: str = ""
    # Its writer keeps their answer sealed: no stance is offered.
    is_sealed: bool = False

    @property
    def prefix(self) -> str:
        """What tells the ids of several composers on one page apart."""
        return f"reply-{self.parent.pk}" if self.parent else "answer"

    @cached_property
    def own(self) -> Stance | None:
        """Where the reader stands now."""
        return stance_of(self.reader, self.post)

    @property
    def targets(self) -> list[Stance]:
        """The answers that the reader does not hold, and may give the best reason for.

        None for who has not answered, unless they had chosen one already.
        """
        question = getattr(self.post, "question", None)
        if question is None or not (self.own or self.form.data.get("argues_for")):
            return []
        return [stance for stance in question.offered if stance != self.own]


def stance_of(user: Any, post: Post) -> Stance | None:
    """Return where `user` stands on the question of `post`, None without question or answer."""
    question = getattr(post, "question", None)
    if question is None or not user.is_authenticated:
        return None
    current = stances.current_stance(user, question)
    return current.stance if current else None


def blank(
    user: Any,
    post: Post,
    *,
    parent: Comment | None = None,
    stance_key: str = "",
    stance: Stance | None = None,
) -> Composer:
    """Return an empty composer: nothing chosen for a first answer, later the reader's stance."""
    initial = {
        "stance": stance_key or (stance.key if stance else None),
        "parent": parent.pk if parent else None,
    }
    made = _composer(user, post, parent, initial=initial)
    made.own = stance
    return made


def filled(user: Any, post: Post, data: Any, *, parent: Comment | None = None) -> Composer:
    """Return a composer with what the reader sent."""
    return _composer(user, post, parent, data=data)


def _composer(user: Any, post: Post, parent: Comment | None, **kwargs: Any) -> Composer:
    question = getattr(post, "question", None)
    form = CommentForm(
        stances=question.offered if question else None,
        may_skip_stance=permissions.can_write_notes(user, post),
        auto_id=f"{f'reply-{parent.pk}' if parent else 'answer'}-%s",
        **kwargs,
    )
    return Composer(
        form,
        post,
        address("comments:answer", post.slug),
        user,
        parent,
        is_sealed=seals.is_sealed(user, post),
    )


def answers_total(post: Post) -> int:
    """Return how many readers have answered the question of `post` (a stored figure)."""
    question = getattr(post, "question", None)
    return sum(stance.answer_count for stance in question.stances.all()) if question else 0


def seen_totals(post: Post, *, saw: bool) -> SeenTotals:
    """Return whether a reader had seen the totals: they are not drawn before there are enough."""
    if answers_total(post) < limits.TOTALS_DOTS_FROM:
        return SeenTotals.NO
    if saw:
        return SeenTotals.YES
    return SeenTotals.UNKNOWN if post.question.shows_totals() else SeenTotals.NO
