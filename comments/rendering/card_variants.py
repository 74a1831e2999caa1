"""How cards look: all that decides about the shape of one, and the skeleton of such cards."""

from functools import lru_cache
from typing import NamedTuple

from core.templating.slots import Skeleton

from ..stance_label import StanceLook

# Looks that a process remembers: some dozens for each question with discussions in use.
LOOKS = 1000
_WORDS = (
    "id",
    "depth",
    "parent",
    "handle",
    "minute",
    "iso",
    "body",
    "tombstone",
    "replies",
    "replies_label",
    "continue_label",
    "answer_url",
    "announcement",
    "tally",
    "moved_words",
    "fair_figures",
    "wordings_url",
)


class Look(NamedTuple):
    """All that decides about a card's shape; words that differ from card to card are no part of it.

    `continues` is "wide" where the replies are a link away, "phone" where they are on small
    screens; `answers` is "shown" where one does not see what the comment answers.
    """

    public: bool
    is_new: bool
    gone: bool
    held: bool
    note: bool
    stance: StanceLook | None
    argues_for: StanceLook | None
    moved: bool
    stance_now: StanceLook | None
    earlier_wording: bool
    by_post_author: bool
    edited: bool
    answers: str
    closed: bool
    folded: bool
    tells: bool
    has_moved: bool
    has_badge: bool
    speaks_for: StanceLook | None
    is_divisive: bool
    is_fair: bool
    why: str
    why_stance: StanceLook | None
    continues: str
    has_replies: bool
    may_reply: bool
    may_press: bool
    may_credit: bool
    has_pressed: bool
    may_judge: bool
    may_flag: bool
    may_edit: bool
    may_delete: bool
    may_moderate: bool


@lru_cache(maxsize=LOOKS)
def skeleton(look: Look, language: str) -> Skeleton:
    """Return the skeleton of all cards with this look, in this language."""
    return Skeleton("comments/_comment.html", {"look": look}, _WORDS)
