"""The composer: the form in which a reader answers, and what its template needs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from core.caching.reverse import cached_reverse
from core.exceptions import Link
from posts.models import Post, Stance

from .. import permissions
from ..actions import sealed_answers, stances
from ..forms import CommentForm
from ..models import Comment


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
    # The end of the refusal: what the reader can do instead.
    refusal_link: Link | None = None
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
        return stances.stance_of(self.reader, self.post)

    @property
    def targets(self) -> list[Stance]:
        """The answers that the reader does not hold, and may give the best reason for.

        None for who has not answered, unless they had chosen one already.
        """
        question = self.post.question_or_none
        if question is None or not (self.own or self.form.data.get("argues_for")):
            return []
        return [stance for stance in question.offered if stance != self.own]


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
    question = post.question_or_none
    form = CommentForm(
        stances=question.offered if question else None,
        may_skip_stance=permissions.can_write_notes(user, post),
        auto_id=f"{f'reply-{parent.pk}' if parent else 'answer'}-%s",
        **kwargs,
    )
    return Composer(
        form,
        post,
        cached_reverse("comments:answer", post.slug),
        user,
        parent,
        is_sealed=sealed_answers.is_sealed(user, post),
    )
