"""Render comments as cards.

Cards of the same variant share a slot template of `comments/_comment.html`: the template is
rendered once for each card variant, and filled for each comment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cached_property, lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from accounts.naming.initials import initials
from core import limits
from core.markdown.html import assembled, beginning, trusted
from core.numbers import grouped
from core.timestamps import day_of, minute, present_zone
from posts.models import Post, Question, Stance

from ..actions import settling
from ..analytics import minimums
from ..listing.rows import CommentRow
from ..models import CommentKind, CommentState
from ..permissions import Reader
from ..ranking.stored_columns import VerdictCount
from ..reading.state import NOTHING, ReadingState
from ..stance_label import StanceLabel
from ..tree.nesting import Node
from ..wordings import NO_OTHERS, Wordings
from . import reaction_summary
from .card_variants import CardActions, CardVariant, card_template
from .tombstones import tombstone

# Enumerations are slow to ask, and a page asks for each card.
HELD, NOTE = CommentState.HELD.value, CommentKind.NOTE.value
# Labels with a number in them that a process remembers.
LABELS = 1000


@dataclass
class CardRenderer:
    """Render the comments of one post for one reader."""

    post: Post
    reader: Reader
    stances: dict[int, StanceLabel]
    author_ids: frozenset[int]
    post_url: SafeString
    answer_url: SafeString
    wordings_url: SafeString
    is_flat: bool = False
    # The answer that the reader holds now, by its id.
    own: int | None = None
    # The question's present version, and all if there were others.
    version: int | None = None
    wordings: Wordings = NO_OTHERS
    shows_totals: bool = True
    # Whether enough readers answer to say anything by answer, and the reader may see it.
    shows_sides: bool = True
    # The comment that is never folded: the one that a page is about.
    whole: int | None = None
    reading: ReadingState = NOTHING
    # Of each comment that is new to the reader, the next one on the page; None for the last.
    new: Mapping[int, int | None] = field(default_factory=dict)
    # The stance that each of the first threads is the best for, in the order that begins with them.
    leading: Mapping[int, int] = field(default_factory=dict)
    # The threads that the reader follows.
    followed: frozenset[int] = frozenset()
    # When the next number of marks on this page will be shown; None for none.
    next_tally: datetime | None = None
    # Actions on others' comments, by all that decides them.
    actions: dict[tuple[Any, ...], CardActions] = field(default_factory=dict)
    zone: tzinfo = field(default_factory=present_zone)
    language: str = field(default_factory=get_language)

    @classmethod
    def of(
        cls,
        post: Post,
        reader: Reader,
        answer_url: str,
        *,
        answers: int,
        own: Stance | None = None,
        is_flat: bool = False,
        shows_totals: bool = True,
        whole: int | None = None,
        reading: ReadingState = NOTHING,
        followed: frozenset[int] = frozenset(),
    ) -> "CardRenderer":
        """Return a renderer for `post`, whose question's stances and authors are loaded.

        `answers` is how many readers answer now, `own` what the reader does.
        """
        question = post.question_or_none
        stances = question.stances.all() if question else []
        labels = {stance.pk: StanceLabel.of(stance) for stance in stances}
        return cls(
            post=post,
            reader=reader,
            stances=labels,
            own=own.pk if own else None,
            version=question.version_id if question else None,
            wordings=_wordings(question),
            author_ids=post.author_ids,
            post_url=escape(post.get_absolute_url()),
            # Relative to the page of the post, where cards are: a whole address would weigh more.
            answer_url=escape(answer_url.removeprefix(post.get_absolute_url())),
            wordings_url=escape(f"{post.get_absolute_url()}wordings/"),
            is_flat=is_flat,
            shows_totals=shows_totals,
            shows_sides=shows_totals and minimums.show_counts(answers),
            whole=whole,
            reading=reading,
            followed=followed,
        )

    def render(self, nodes: Iterable[Node], announcement: str = "") -> SafeString:
        """Return the list items of `nodes`; with an `announcement` they are new on the page."""
        return assembled("".join([self._item(node, announcement) for node in nodes]))

    def _item(self, node: Node, announcement: str) -> SafeString:
        row = node.comment
        if not self.shows_totals:
            row.hide_answers()
        elif not self.shows_sides:
            row.hide_sides()
        gone = "" if row.is_readable else tombstone(row, self.reader.id)
        card = self._variant(node, gone=bool(gone), is_new=bool(announcement))
        when = minute(row.created, self.zone, self.language)
        name = row.name
        values: dict[str, Any] = {
            "id": row.id,
            "depth": row.depth,
            "parent": row.parent_id,
            "handle": row.handle,
            "name": name,
            "above_name": row.parent_name,
            "initials": initials(name),
            "minute": when.words,
            "iso": when.iso,
            "body": _body(row.body_html, folded=card.folded),
            "tombstone": gone,
            "replies": "",
            "replies_label": "",
            "continue_label": "",
            "answer_url": self.answer_url,
            "announcement": announcement,
            "wordings_url": self.wordings_url,
            "number": "",
            "moved_words": "",
            "fair_figures": "",
            "counts_from": "",
            "next_new": self.new.get(row.id) or "",
        }
        if node.replies:
            values["replies"] = self.render(node.replies)
            values["replies_label"] = replies_label(len(node.replies), self.language)
        if card.continues:
            new = self.reading.new_below(row.path)
            values["continue_label"] = continue_label(row.reply_count, self.language, new)
        self._add_reactions(row, card, values)
        return card_template(card, self.language).fill(values)

    def _add_reactions(self, row: CommentRow, card: CardVariant, values: dict[str, Any]) -> None:
        """Add the readers' reactions to a comment to `values`."""
        if row.counts_from:
            values["counts_from"] = self._counts_from(row.counts_from)
        if card.is_fair:
            values["fair_figures"] = reaction_summary.fair_figures(row.verdicts, self.language)
        if card.has_moved:
            values["moved_words"] = reaction_summary.moved_words(row.minds_moved, self.language)
        if card.has_number:
            values["number"] = grouped(reaction_summary.total(row.well_argued))

    def _counts_from(self, by_answer: datetime) -> str:
        """Return from when a mark of the reader counts, in words, never a day in the past."""
        latest = max(by_answer, self.account_counts_from or by_answer, self.reader.now)
        return day_of(latest)

    @cached_property
    def account_counts_from(self) -> datetime | None:
        """From when the reader's account counts; None if it does."""
        if self.reader.id is None or self.reader.joined_at is None:
            return None
        return settling.account_counts_from(self.reader.id, self.reader.joined_at, self.reader.now)

    def _variant(self, node: Node, *, gone: bool, is_new: bool) -> CardVariant:
        row = node.comment
        target, moved = row.argues_for_id, _has_moved(row)
        has_menu = row.is_readable and self.reader.id is not None
        return CardVariant(
            public=self.reader.id is None,
            is_new=is_new,
            gone=gone,
            held=row.state == HELD,
            note=row.kind == NOTE,
            stance=self._stance(row, row.stance_id),
            argues_for=self._stance(row, target) if target else None,
            best_for=self._best_for(row),
            moved=moved,
            stance_now=self.stances.get(row.stance_now) if moved else None,
            earlier_wording=self.wordings.differ(row.question_version_id, self.version),
            by_post_author=row.author_id in self.author_ids,
            edited=row.edited_at is not None,
            answers=self._answers(node),
            is_above_gone=row.is_above_gone,
            closed=row.depth == 0 and row.locked_at is not None,
            folded=not is_new and self._is_folded(row),
            has_number=bool(row.well_argued) and self._is_number_shown(row),
            has_moved=bool(row.minds_moved),
            has_badge=bool(row.has_badge),
            is_fair=bool(row.verdicts) and VerdictCount.parse(row.verdicts).is_fair,
            continues=_continues(node),
            has_replies=bool(node.replies),
            has_pressed=row.has_pressed,
            waits=bool(row.pressed),
            has_menu=has_menu,
            news=self._news(row) if self.new else "",
            saved=self._saved(row) if has_menu else "",
            may_follow=has_menu and row.depth == 0,
            follows=row.id in self.followed,
            actions=self.actions_on(row),
        )

    def _news(self, row: CommentRow) -> str:
        """Return how a card is marked as new to the reader; an empty string where it is not."""
        if row.id not in self.new:
            return ""
        return "next" if self.new[row.id] else "last"

    def _saved(self, row: CommentRow) -> str:
        """Return whether the reader, who may, saved a comment."""
        return "yes" if self.reading.has_saved(row.id) else "no"

    def actions_on(self, row: CommentRow) -> CardActions:
        """Return the actions that the card of `row` offers the reader."""
        if row.author_id == self.reader.id:
            return self._new_actions(row)
        # All that `Reader` asks of a comment by somebody else; saves a third of the time of a card.
        depth = row.takes_depth, row.depth == 0
        facts = row.is_readable, depth, row.locked_at is None, row.argues_for_id
        actions = self.actions.get(facts)
        if actions is None:
            actions = self.actions[facts] = self._new_actions(row)
        return actions

    def _new_actions(self, row: CommentRow) -> CardActions:
        reader = self.reader
        may_press = reader.may_press(row)
        return CardActions(
            may_reply=reader.may_reply(row, locked=row.locked_at is not None),
            may_press=may_press,
            may_credit=may_press and reader.id is not None and bool(self.stances),
            may_judge=row.argues_for_id is not None and reader.may_judge(row, self.own),
            may_flag=reader.may_flag(row),
            may_edit=reader.may_edit(row),
            may_delete=reader.may_delete(row),
            may_moderate=reader.is_moderator,
            may_decide=reader.may_decide(row),
            may_lock=reader.may_lock(row),
        )

    def _is_number_shown(self, row: CommentRow) -> bool:
        """Return whether the marks of a comment are shown yet; if not, note when they will be."""
        shown_at = row.created_at + timedelta(seconds=limits.TALLY_AFTER)
        if shown_at <= self.reader.now:
            return True
        self.next_tally = min(self.next_tally or shown_at, shown_at)
        return False

    def _is_folded(self, row: CommentRow) -> bool:
        """Return whether a card shows only the beginning of the text."""
        return len(row.body_html) > limits.FOLDED_FROM and row.id != self.whole

    def _stance(self, row: CommentRow, stance: int | None) -> StanceLabel | None:
        """Return a stance of a comment, with the word it had when the comment was written."""
        label = self.stances.get(stance or 0)
        if not self.wordings.words:
            return label
        word = self.wordings.words.get((row.question_version_id, stance))
        return label._replace(word=word) if label and word else label

    def _best_for(self, row: CommentRow) -> StanceLabel | None:
        """Return the stance whose best argued thread `row` begins; None for others.

        Its own readers have to find it well argued, and it has to be a comment for them still. The
        label tells that it has a mark, so it waits until the number of marks is shown.
        """
        stance = self.leading.get(row.id)
        if stance is None or stance != row.stance_id or not self.shows_sides:
            return None
        is_marked = reaction_summary.marks_of(row.well_argued, stance) > 0
        return self.stances.get(stance) if is_marked and self._is_number_shown(row) else None

    def _answers(self, node: Node) -> str:
        if node.comment.parent_id is None:
            return ""
        return "shown" if self.is_flat or node.is_orphan else "hidden"


def _wordings(question: Question | None) -> Wordings:
    """Return the wordings of a question; no query for one that has only one."""
    if question is None or question.version is None or question.version.number == 1:
        return NO_OTHERS
    return Wordings.load(version__question=question)


@lru_cache(maxsize=LABELS)
def replies_label(number: int, language: str) -> str:
    """Return the number of replies that a branch shows, in words."""
    return ngettext("%(n)s reply", "%(n)s replies", number) % {"n": grouped(number)}


@lru_cache(maxsize=LABELS)
def continue_label(number: int, language: str, new: int = 0) -> str:
    """Return the words of the link to the replies of a branch that is cut, of which some are new.

    `number` is that of the direct replies; new ones are counted to any depth.
    """
    label = ngettext(
        "Continue this thread (%(n)s reply)", "Continue this thread (%(n)s replies)", number
    ) % {"n": grouped(number)}
    return f"{label} · {new_label(new)}" if new else label


def new_label(number: int) -> str:
    """Return a number of new comments in a place, in words."""
    return ngettext("%(n)s new", "%(n)s new", number) % {"n": grouped(number)}


def _body(html: str, *, folded: bool) -> SafeString:
    return beginning(html, limits.FOLDED_TO) if folded else trusted(html)


def _has_moved(row: CommentRow) -> bool:
    """Return whether the writer's answer has changed since."""
    known = row.stance_id is not None and row.stance_now is not None
    return known and row.stance_now != row.stance_id and row.is_readable


def _continues(node: Node) -> str:
    if node.continues:
        return "wide"
    return "phone" if node.indent == limits.INDENT_PHONE and node.replies else ""
