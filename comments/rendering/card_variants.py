"""Everything that decides a card's shape, and the slot template of cards with that shape."""

from functools import lru_cache
from typing import NamedTuple

from core.templating.slots import SlotTemplate

from ..stance_label import StanceLabel

# Card variants that a process remembers: some dozens for each question with discussions in use.
VARIANTS = 1000
SLOTS = (
    "id",
    "depth",
    "parent",
    "handle",
    "name",
    "above_name",
    "minute",
    "iso",
    "body",
    "tombstone",
    "replies",
    "replies_label",
    "continue_label",
    "answer_url",
    "announcement",
    "number",
    "moved_words",
    "fair_figures",
    "counts_from",
    "wordings_url",
    "initials",
    "next_new",
)


class CardActions(NamedTuple):
    """The actions that a card offers its reader."""

    may_reply: bool
    may_press: bool
    may_credit: bool
    may_judge: bool
    may_flag: bool
    may_edit: bool
    may_delete: bool
    may_moderate: bool
    may_decide: bool
    may_lock: bool


class CardVariant(NamedTuple):
    """Everything that decides a card's shape; text that differs from card to card fills slots.

    It is the key by which slot templates are cached. `continues` is "wide" where the replies are a
    link away, "phone" where they are so on small screens only; `answers` is "shown" where the
    comment that this one answers is not in sight, and `is_above_gone` if nobody may read that.
    `best_for` is the stance whose best argued thread begins with the comment, if that is shown.
    `news` is "next" for one that came since the reader's last visit, "last" for the last such on
    the page; `saved` is "yes" or "no" for a comment that the reader can save, "" for others.
    """

    public: bool
    is_new: bool
    gone: bool
    held: bool
    note: bool
    stance: StanceLabel | None
    argues_for: StanceLabel | None
    best_for: StanceLabel | None
    moved: bool
    stance_now: StanceLabel | None
    earlier_wording: bool
    by_post_author: bool
    edited: bool
    answers: str
    is_above_gone: bool
    closed: bool
    folded: bool
    has_number: bool
    has_moved: bool
    has_badge: bool
    is_fair: bool
    continues: str
    has_replies: bool
    has_pressed: bool
    waits: bool
    has_menu: bool
    news: str
    saved: str
    may_follow: bool
    follows: bool
    actions: CardActions


@lru_cache(maxsize=VARIANTS)
def card_template(card: CardVariant, language: str) -> SlotTemplate:
    """Return the slot template of all cards of the variant `card`, in `language`."""
    return SlotTemplate("comments/_comment.html", {"card": card}, SLOTS)
