"""Drawing comments: what a card says and offers, and its HTML.

Cards that look alike share a skeleton of `comments/_comment.html`, so that the template is drawn
once for each look and not once for each comment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from core import limits
from core.counting import grouped
from core.markdown.html import assembled, beginning, trusted
from core.templating.slots import SlotTemplate
from core.timestamps import minute, present_zone
from posts.models import Post, Question, Stance, StanceWording

from ..listing.rows import CommentRow
from ..models import CommentKind, CommentState
from ..models.moderation import Reason
from ..permissions import Reader
from ..ranking.stored_columns import VerdictCount
from ..stance_label import StanceLabel
from ..tree.nesting import Node
from . import reaction_summary
from .card_variants import CardVariant, skeleton

# Decks whose faces a process remembers: one for each question and each kind of reader.
DECKS = 200
# Sentences with a number in them that a process remembers.
LABELS = 1000


class CardTemplate(NamedTuple):
    """How a card is drawn: its skeleton, what stands in place of its text, if there is more."""

    skeleton: SlotTemplate
    tombstone: str
    folded: bool
    continues: bool


@dataclass
class CardRenderer:
    """Draws the comments of one post for one reader.

    Faces of cards already seen are kept by all that they depend on: most of a page looks alike.
    """

    post: Post
    reader: Reader
    stances: dict[int, StanceLabel]
    author_ids: frozenset[int]
    post_url: SafeString
    answer_url: SafeString
    wordings_url: SafeString
    is_flat: bool = False
    asks: bool = False
    # The answer that the reader holds now, by its id.
    own: int | None = None
    # The question's wording now, and the words that answers had in earlier ones.
    version: int | None = None
    words_then: dict[tuple[int | None, int | None], str] = field(default_factory=dict)
    shows_totals: bool = True
    # The comment that is never folded: the one that a page is about.
    whole: int | None = None
    looks: tuple[tuple[int, StanceLabel], ...] = ()
    # When the tally of a comment on this page is the next to be shown; None for none.
    next_tally: datetime | None = None
    zone: tzinfo = field(default_factory=present_zone)
    language: str = field(default_factory=get_language)
    faces: dict[tuple[Any, ...], CardTemplate] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        post: Post,
        reader: Reader,
        answer_url: str,
        *,
        own: Stance | None = None,
        is_flat: bool = False,
        shows_totals: bool = True,
        whole: int | None = None,
    ) -> "CardRenderer":
        """Return a deck for `post`, whose question's stances and authors are loaded.

        `own` is the answer that the reader holds now.
        """
        question = post.question_or_none
        stances = question.stances.all() if question else []
        looks = {stance.pk: StanceLabel.of(stance) for stance in stances}
        version = question.version_id if question else None
        may = (reader.id is None, reader.may_write, reader.is_exempt, reader.is_moderator)
        words_then = _words_then(question)
        common = (tuple(looks.items()), version, tuple(words_then.items()), may, is_flat)
        return cls(
            post=post,
            reader=reader,
            stances=looks,
            asks=bool(looks),
            own=own.pk if own else None,
            version=version,
            words_then=words_then,
            looks=tuple(looks.items()),
            faces=_faces(get_language(), *common),
            author_ids=post.author_ids,
            post_url=escape(post.get_absolute_url()),
            # From the page of the post, where cards are: an address in each would weigh more.
            answer_url=escape(answer_url.removeprefix(post.get_absolute_url())),
            wordings_url=escape(f"{post.get_absolute_url()}wordings/"),
            is_flat=is_flat,
            shows_totals=shows_totals,
            whole=whole,
        )

    def draw(self, nodes: Iterable[Node], announcement: str = "") -> SafeString:
        """Return the list items of `nodes`; with an `announcement` they are new on the page."""
        return assembled("".join([self._item(node, announcement) for node in nodes]))

    def _item(self, node: Node, announcement: str = "") -> SafeString:
        entry = node.comment
        face = self._face(node, is_new=bool(announcement))
        when = minute(entry.created, self.zone, self.language)
        words = {
            "id": entry.id,
            "depth": entry.depth,
            "parent": entry.parent_id,
            "handle": entry.handle,
            "minute": when.words,
            "iso": when.iso,
            "body": _words(entry, face),
            "tombstone": face.tombstone,
            "replies": "",
            "replies_label": "",
            "continue_label": "",
            "answer_url": self.answer_url,
            "announcement": announcement,
            "wordings_url": self.wordings_url,
            "tally": "",
            "moved_words": "",
            "fair_figures": "",
        }
        if node.replies:
            words["replies"] = self.draw(node.replies)
            words["replies_label"] = replies_label(len(node.replies), self.language)
        if face.continues:
            words["continue_label"] = continue_label(entry.reply_count, self.language)
        self._praise(entry, words)
        return face.skeleton.fill(words)

    def _praise(self, entry: CommentRow, words: dict[str, Any]) -> None:
        """Add to `words` what readers made of a comment."""
        if entry.verdicts:
            words["fair_figures"] = reaction_summary.fair_figures(entry.verdicts, self.language)
        if entry.minds_moved:
            words["moved_words"] = reaction_summary.moved_words(
                entry.minds_moved, self.looks, self.language
            )
        if self._tells(entry):
            sides = entry.sides if self.shows_totals else None
            words["tally"] = reaction_summary.tally_words(
                entry.well_argued, sides, self.looks, self.language
            )

    def _tells(self, entry: CommentRow) -> bool:
        """Return whether the tally of a comment is shown; if it will be, note when."""
        if not entry.well_argued:
            return False
        shown_at = entry.created_at + timedelta(seconds=limits.TALLY_AFTER)
        if shown_at <= self.reader.now:
            return True
        self.next_tally = min(self.next_tally or shown_at, shown_at)
        return False

    def _face(self, node: Node, *, is_new: bool) -> CardTemplate:
        entry = node.comment
        if entry.author_id == self.reader.id:
            return self._new_face(node, is_new=is_new)  # what they may do depends on the time
        depends_on = (
            entry.state,
            entry.deleted_at is None,
            entry.removed_reason,
            entry.kind,
            entry.stance_id,
            entry.question_version_id,
            entry.stance_now,
            entry.author_id in self.author_ids,
            entry.edited_at is None,
            entry.locked_at is None,
            entry.is_root,
            entry.takes_depth,
            node.indent == limits.INDENT_PHONE,
            node.is_orphan,
            node.continues,
            not node.replies,
            self._folds(entry),
            is_new,
            self._tells(entry),
            not entry.minds_moved,
            entry.has_badge,
            entry.speaks_for,
            entry.is_divisive,
            entry.argues_for_id
            and (entry.argues_for_id, _is_fair(entry), self.reader.may_judge(entry, self.own)),
            entry.has_pressed,
            node.place and (node.place.why, node.place.stance),
        )
        face = self.faces.get(depends_on)
        if face is None:
            face = self.faces[depends_on] = self._new_face(node, is_new=is_new)
        return face

    def _new_face(self, node: Node, *, is_new: bool) -> CardTemplate:
        gone = tombstone(node.comment, self.reader)
        look = self._look(node, gone=bool(gone), is_new=is_new)
        return CardTemplate(skeleton(look, self.language), gone, look.folded, bool(look.continues))

    def _look(self, node: Node, *, gone: bool, is_new: bool) -> CardVariant:
        entry, reader = node.comment, self.reader
        moved, stance_now = self._movement(entry)
        return CardVariant(
            public=reader.id is None,
            is_new=is_new,
            gone=gone,
            held=entry.state == CommentState.HELD,
            note=entry.kind == CommentKind.NOTE,
            stance=self._stance(entry, entry.stance_id),
            argues_for=self._stance(entry, entry.argues_for_id),
            earlier_wording=self._is_earlier(entry),
            moved=moved,
            stance_now=stance_now,
            by_post_author=entry.author_id in self.author_ids,
            edited=entry.edited_at is not None,
            answers=self._answers(node),
            closed=entry.is_root and entry.locked_at is not None,
            folded=self._folds(entry) and not is_new,
            tells=self._tells(entry),
            has_moved=bool(entry.minds_moved),
            has_badge=bool(entry.has_badge),
            speaks_for=None if entry.has_badge else self.stances.get(entry.speaks_for or 0),
            is_divisive=bool(entry.is_divisive) and not entry.has_badge,
            is_fair=_is_fair(entry),
            why=node.place.why if node.place else "",
            why_stance=self.stances.get(node.place.stance) if node.place else None,
            continues=_continues(node),
            has_replies=bool(node.replies),
            may_reply=reader.may_reply(entry, locked=entry.locked_at is not None),
            may_press=reader.may_press(entry),
            may_credit=reader.id is not None and self.asks and reader.may_press(entry),
            has_pressed=bool(entry.has_pressed),
            may_judge=reader.may_judge(entry, self.own),
            may_flag=reader.may_flag(entry),
            may_edit=reader.may_edit(entry),
            may_delete=reader.may_delete(entry),
            may_moderate=reader.is_moderator,
        )

    def _movement(self, entry: CommentRow) -> tuple[bool, StanceLabel | None]:
        """Return whether the writer stands elsewhere now, and where, None for nowhere."""
        now = entry.stance_now
        if entry.stance_id is None or now is None:
            return False, None
        moved = now != entry.stance_id and entry.is_readable
        return moved, self.stances.get(now) if moved else None

    def _folds(self, entry: CommentRow) -> bool:
        """Return whether a comment shows its beginning only."""
        return entry.text_length > limits.FOLDED_FROM and entry.id != self.whole

    def _is_earlier(self, entry: CommentRow) -> bool:
        """Return whether a comment answers a wording that the question has no more."""
        return entry.question_version_id not in {None, self.version}

    def _stance(self, entry: CommentRow, stance: int | None) -> StanceLabel | None:
        """Return a stance that `entry` names, in the word it had when that was written."""
        look = self.stances.get(stance or 0)
        then = self.words_then.get((entry.question_version_id, stance))
        return look._replace(word=then) if look and then else look

    def _answers(self, node: Node) -> str:
        if node.comment.parent_id is None:
            return ""
        return "shown" if self.is_flat or node.is_orphan else "hidden"


@lru_cache(maxsize=DECKS)
def _faces(*_common: Any) -> dict[tuple[Any, ...], CardTemplate]:
    """Return the faces drawn so far of cards whose decks have all this in common.

    Nothing in a face depends on who reads beyond that.
    """
    return {}


def _words_then(question: Question | None) -> dict[tuple[int | None, int | None], str]:
    """Return the words of answers by wording; a question never reworded is asked nothing."""
    if question is None or question.version is None or question.version.number == 1:
        return {}
    wordings = StanceWording.objects.filter(version__question=question)
    rows = wordings.values_list("version_id", "stance_id", "word")
    return {(version, stance): word for version, stance, word in rows}


def tombstone(entry: CommentRow, reader: Reader) -> str:
    """Return what stands in place of a text that `reader` may not read, or an empty string."""
    if entry.is_readable:
        return ""
    if entry.is_deleted:
        return str(_("Its writer deleted this comment."))
    if entry.state == CommentState.REMOVED:
        reason = Reason(entry.removed_reason).label
        return str(_("A moderator removed this comment: it %(reason)s.") % {"reason": reason})
    if entry.state == CommentState.HIDDEN:
        return str(_("This comment is hidden until a moderator has looked at it."))
    return "" if entry.author_id == reader.id else str(_("This comment waits for approval."))


@lru_cache(maxsize=LABELS)
def replies_label(number: int, language: str) -> str:
    """Return how many replies a branch shows, in words."""
    return ngettext("%(n)s reply", "%(n)s replies", number) % {"n": grouped(number)}


@lru_cache(maxsize=LABELS)
def continue_label(number: int, language: str) -> str:
    """Return the words of the link to the replies of a branch that is cut."""
    return ngettext(
        "Continue this thread (%(n)s reply)", "Continue this thread (%(n)s replies)", number
    ) % {"n": grouped(number)}


def _is_fair(entry: CommentRow) -> bool:
    return bool(entry.verdicts) and VerdictCount.parse(entry.verdicts).is_fair


def _words(entry: CommentRow, face: CardTemplate) -> str | SafeString:
    if face.tombstone:
        return ""
    if face.folded:
        return beginning(entry.body_html, limits.FOLDED_TO)
    return trusted(entry.body_html)


def _continues(node: Node) -> str:
    if node.continues:
        return "wide"
    return "phone" if node.indent == limits.INDENT_PHONE and node.replies else ""
