"""Prepare the composer, the form in which a reader answers, for its template."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from accounts.models import KeptForm
from accounts.permissions import WHY_NOT
from core.caching.reverse import cached_reverse
from core.exceptions import Link
from posts.models import Post, Stance

from .. import permissions
from ..actions import discussions, sealed_answers, stances
from ..forms import ANSWER, NOTE, CommentForm
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
    # What the reader was writing here before, or has thrown away lately.
    draft: KeptForm | None = None
    quotation: str = ""

    @property
    def is_of_nobody(self) -> bool:
        """Whether the reader is signed out: they write first, and sign up or in to post it."""
        return not self.reader.is_authenticated

    @property
    def people_url(self) -> str:
        """The address that offers people while a mention is typed; empty for people signed out."""
        if self.is_of_nobody:
            return ""
        return cached_reverse("comments:participants", self.post.slug)

    @property
    def waits(self) -> Any:
        """Why the reader, whose account was not admitted, can only keep the words; else nothing."""
        return WHY_NOT.get(getattr(self.reader, "admission", ""), "")

    @property
    def prefix(self) -> str:
        """The beginning of the ids in this composer: there may be several on a page."""
        return f"reply-{self.parent.pk}" if self.parent else "answer"

    @property
    def is_discussion_closed(self) -> bool:
        """Whether nothing can be written here: the whole discussion is closed."""
        return self.post.closed_at is not None

    @property
    def closed(self) -> str:
        """Why nothing can be written here, since when; empty where it can."""
        return discussions.why_closed(self.post) or self._thread_closed

    @cached_property
    def _thread_closed(self) -> str:
        """Why the thread takes no reply; empty if it does, or for words that were typed already."""
        parent = self.parent
        if parent is None or self.form.is_bound or permissions.is_exempt(self.reader, self.post):
            return ""
        root = Comment.objects.without_text().get(pk=parent.thread_id)
        return discussions.why_locked(root)

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

    @property
    def may_answer(self) -> bool:
        """Whether the reader may still answer the question where the discussion is closed."""
        offers_answers = "stance" in self.form.fields and not self.is_sealed
        return offers_answers and permissions.can_write(self.reader)

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
        if question is None or not (self.own or self.form["argues_for"].value()):
            return []
        return [stance for stance in question.offered if stance != self.own]


def blank(
    user: Any,
    post: Post,
    *,
    parent: Comment | None = None,
    stance_key: str = "",
    stance: Stance | None = None,
    quotation: str = "",
    draft: KeptForm | None = None,
) -> Composer:
    """Return a new composer: no stance chosen for a first answer, later the reader's own.

    With a `draft` it has what that says, and a `quotation` below.
    """
    typed = draft.words if draft else {}
    chosen = stance_key or typed.get("stance") or (stance.key if stance else "")
    initial = {
        "kind": typed.get("kind") or likely_kind(user, post, chosen),
        "stance": chosen or None,
        "argues_for": typed.get("argues_for"),
        "parent": parent.pk if parent else None,
        "body": "\n\n".join(filter(None, [typed.get("body"), quotation])),
    }
    made = _composer(user, post, parent, initial=initial)
    made.own, made.draft, made.quotation = stance, draft, quotation
    return made


def likely_kind(user: Any, post: Post, chosen: str) -> str:
    """Return whether `user` probably writes an answer or a note, where they may write both.

    Authors do not usually answer their own question, unless the answer `chosen` says that they do.
    """
    return NOTE if permissions.wrote_post(user, post) and not chosen else ANSWER


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
