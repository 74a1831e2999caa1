"""What the template of a comment needs: the comment, and the addresses of what one may do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import limits
from posts.models import Post, Question, Stance

from . import permissions
from .models import Comment, CommentState, CurrentStance
from .moderation.models import Reason
from .threads import Node, flatten


@dataclass
class Card:
    """A comment as it is drawn for one reader. An address is None where the act is not offered.

    `id` is text: templates would put a number into the form of the language, many times over.
    """

    comment: Comment
    id: str
    url: str
    indent: int = 0
    replies: list["Card"] = field(default_factory=list)
    stance_now: Stance | None = None
    has_moved: bool = False
    is_own: bool = False
    is_by_post_author: bool = False
    is_orphan: bool = False
    tombstone: str = ""
    reply_url: str | None = None
    edit_url: str | None = None
    delete_url: str | None = None
    flag_url: str | None = None
    history_url: str | None = None
    moderate_url: str | None = None
    branch_url: str | None = None
    phone_branch_url: str | None = None


@dataclass
class Deck:
    """Draws cards for one reader of one post, asking the database once."""

    post: Post
    user: Any
    author_ids: frozenset[int]
    moved: dict[int, Stance | None]
    exempt: bool
    answer_url: str

    @classmethod
    def for_reader(cls, post: Post, user: Any, comments: Iterable[Comment]) -> "Deck":
        """Return a deck that knows where the writers of `comments` stand now."""
        question = getattr(post, "question", None)
        return cls(
            post=post,
            user=user,
            author_ids=post.author_ids,
            moved=_present_stances(question, {comment.author_id for comment in comments}),
            exempt=permissions.is_exempt(user, post),
            answer_url=reverse("comments:answer", args=[post.slug]),
        )

    def cards(self, nodes: Iterable[Node]) -> list[Card]:
        """Return the cards of `nodes`, nested as they are."""
        return [self.card(node) for node in nodes]

    def card(self, node: Node) -> Card:
        """Return the card of one node with the cards of its replies."""
        comment = node.comment
        card = Card(
            comment=comment,
            id=str(comment.pk),
            url=comment.get_absolute_url(),
            indent=node.indent,
            replies=self.cards(node.replies),
            is_own=self.user.is_authenticated and comment.author_id == self.user.pk,
            is_by_post_author=comment.author_id in self.author_ids,
            is_orphan=node.is_orphan,
            tombstone=tombstone(comment, self.user),
        )
        branch = f"{self.post.get_absolute_url()}?thread={comment.pk}#comment-{comment.pk}"
        if node.continues:
            card.branch_url = branch
        elif node.indent == limits.INDENT_PHONE and node.replies:
            card.phone_branch_url = branch
        if not card.tombstone:
            self._add_movement(card)
            self._add_acts(card)
        if self.user.is_authenticated and self.user.is_moderator:
            card.moderate_url = reverse("comments:moderation-case", args=[comment.pk])
        return card

    def _add_movement(self, card: Card) -> None:
        writer = card.comment.author_id
        if card.comment.stance_id is None or writer not in self.moved:
            return
        card.stance_now = self.moved[writer]
        now = card.stance_now.pk if card.stance_now else None
        card.has_moved = now != card.comment.stance_id and card.comment.is_standing

    def _add_acts(self, card: Card) -> None:
        comment, user = card.comment, self.user
        comment.post = self.post
        if permissions.can_reply(user, comment, exempt=self.exempt):
            card.reply_url = f"{self.answer_url}?parent={comment.pk}"
        if permissions.can_flag(user, comment):
            card.flag_url = reverse("comments:flags", args=[comment.pk])
        if permissions.can_edit(user, comment):
            card.edit_url = reverse("comments:edit", args=[comment.pk])
        if permissions.can_delete(user, comment):
            card.delete_url = reverse("comments:deletion", args=[comment.pk])
        if comment.edited_at is not None:
            card.history_url = reverse("comments:history", args=[comment.pk])


def tombstone(comment: Comment, user: Any) -> str:
    """Return what stands in place of a text that `user` may not read, or an empty string."""
    if comment.is_deleted:
        return str(_("Its writer deleted this comment."))
    if comment.is_standing:
        return ""
    if comment.state == CommentState.REMOVED:
        reason = Reason(comment.removed_reason).label
        return str(_("A moderator removed this comment: it %(reason)s.") % {"reason": reason})
    if comment.state == CommentState.HIDDEN:
        return str(_("This comment is hidden until a moderator has looked at it."))
    if user.is_authenticated and comment.author_id == user.pk:
        return ""
    return str(_("This comment waits for approval."))


def all_comments(nodes: Iterable[Node]) -> list[Comment]:
    """Return the comments of `nodes` and of everything beneath them."""
    return [node.comment for node in flatten(nodes)]


def _present_stances(question: Question | None, writer_ids: set[int]) -> dict[int, Stance | None]:
    if question is None or not writer_ids:
        return {}
    rows = CurrentStance.objects.filter(question=question, reader_id__in=writer_ids)
    return {row.reader_id: row.stance for row in rows.select_related("stance")}
