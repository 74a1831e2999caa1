"""Prepare the composer, the form in which a reader answers, for its template."""

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
from ..listing import permalinks
from ..models import Comment
from .tombstones import tombstone


@dataclass
class Composer:
    """The form of `reader` for one post, with the `parent` that it answers, if any."""

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
    # The reader's own answer is sealed: no stance is offered.
    is_sealed: bool = False

    @property
    def is_of_nobody(self) -> bool:
        """Whether the reader is signed out: they write first, and sign up or in to post it."""
        return not self.reader.is_authenticated

    @property
    def prefix(self) -> str:
        """The beginning of the ids in this composer: there may be several on a page."""
        return f"reply-{self.parent.pk}" if self.parent else "answer"

    @property
    def parent_url(self) -> str:
        """The address of the place of `parent`, whose text may be gone."""
        if self.parent is None:
            return ""
        is_there = self.parent.is_readable
        return self.parent.get_absolute_url() if is_there else permalinks.place_url(self.parent)

    @property
    def parent_tombstone(self) -> str:
        """The sentence in place of the text of `parent`, where the reader may not read it."""
        if self.parent is None or permissions.can_read(self.reader, self.parent):
            return ""
        return tombstone(self.parent, self.reader.pk)

    @cached_property
    def own(self) -> Stance | None:
        """The reader's present stance."""
        return stances.stance_of(self.reader, self.post)

    @property
    def targets(self) -> list[Stance]:
        """The answers of others, for which the reader may give the best reason.

        Empty for readers without an answer, unless the form they sent names one.
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
    """Return an empty composer: no stance chosen for a first answer, later the reader's own."""
    initial = {
        "stance": stance_key or (stance.key if stance else None),
        "parent": parent.pk if parent else None,
    }
    made = _composer(user, post, parent, initial=initial)
    made.own = stance
    return made


def filled(user: Any, post: Post, data: Any, *, parent: Comment | None = None) -> Composer:
    """Return a composer with the `data` that the reader sent."""
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
