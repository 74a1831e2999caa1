"""How cards look: all that decides about the shape of one, and the skeleton of such cards."""

from functools import lru_cache
from typing import NamedTuple

from core.templating.slots import SlotTemplate

from ..stance_label import StanceLabel

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


class CardVariant(NamedTuple):
    """All that decides about a card's shape; words that differ from card to card are no part of it.

    `continues` is "wide" where the replies are a link away, "phone" where they are on small
    screens; `answers` is "shown" where one does not see what the comment answers.
    """

    public: bool
    is_new: bool
    gone: bool
    held: bool
    note: bool
    stance: StanceLabel | None
    argues_for: StanceLabel | None
    moved: bool
    stance_now: StanceLabel | None
    earlier_wording: bool
    by_post_author: bool
    edited: bool
    answers: str
    closed: bool
    folded: bool
    tells: bool
    has_moved: bool
    has_badge: bool
    speaks_for: StanceLabel | None
    is_divisive: bool
    is_fair: bool
    why: str
    why_stance: StanceLabel | None
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
def skeleton(look: CardVariant, language: str) -> SlotTemplate:
    """Return the skeleton of all cards with this look, in this language."""
    return SlotTemplate("comments/_comment.html", {"look": look}, _WORDS)
