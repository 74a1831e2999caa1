"""The slot template of a card is cached by the card variant itself: every field of it matters."""

from typing import Any

from django.test import SimpleTestCase

from comments.rendering.card_variants import (
    SLOTS,
    VARIANTS,
    CardActions,
    CardVariant,
    card_template,
)
from comments.stance_label import StanceLabel

SAME = StanceLabel("same", "Same", "within", "orange")
DIFFERENT = StanceLabel("different", "Different", "apart", "blue")
NO_ACTIONS = CardActions(*[False] * len(CardActions._fields))
PLAIN = CardVariant(
    public=False,
    is_new=False,
    gone=False,
    held=False,
    note=False,
    stance=None,
    argues_for=None,
    best_for=None,
    moved=False,
    stance_now=None,
    earlier_wording=False,
    by_post_author=False,
    edited=False,
    answers="",
    is_above_gone=False,
    closed=False,
    folded=False,
    has_number=False,
    has_moved=False,
    has_badge=False,
    is_fair=False,
    continues="",
    has_replies=False,
    has_pressed=False,
    waits=False,
    has_menu=False,
    news="",
    saved="",
    may_follow=False,
    follows=False,
    actions=NO_ACTIONS,
)
# What a field needs beside it to show: a word of an answer needs the place that says it.
BESIDE: dict[str, dict[str, Any]] = {
    "argues_for": {"stance": SAME},
    "stance_now": {"moved": True},
    "is_above_gone": {"answers": "hidden"},
    "is_fair": {"argues_for": DIFFERENT, "stance": SAME},
    "has_pressed": {"actions": NO_ACTIONS._replace(may_press=True)},
    "waits": {"actions": NO_ACTIONS._replace(may_press=True)},
    "saved": {"has_menu": True},
    "may_follow": {"has_menu": True},
    "follows": {"has_menu": True, "may_follow": True},
    "may_judge": {"argues_for": DIFFERENT, "stance": SAME, "has_menu": True},
    **{
        name: {"has_menu": True}
        for name in ("may_credit", "may_flag", "may_moderate", "may_decide", "may_lock")
    },
}
OTHERS: dict[str, Any] = {
    "stance": SAME,
    "argues_for": DIFFERENT,
    "best_for": SAME,
    "stance_now": DIFFERENT,
    "answers": "shown",
    "continues": "phone",
    "news": "next",
    "saved": "yes",
}


def html(card: CardVariant) -> str:
    """Return the card of the variant `card`, with each slot filled with its own name."""
    return card_template(card, "en").fill({name: f"[{name}]" for name in SLOTS})


class CardVariantTests(SimpleTestCase):
    """Each field of a variant, changed by itself."""

    def test_every_field_changes_the_card(self) -> None:
        for name in CardVariant._fields:
            if name != "actions":
                with self.subTest(name):
                    plain = PLAIN._replace(**BESIDE.get(name, {}))
                    other = plain._replace(**{name: OTHERS.get(name, True)})
                    self.assertNotEqual(html(plain), html(other), f"{name} decides about nothing")

    def test_every_action_changes_the_card(self) -> None:
        for name in CardActions._fields:
            with self.subTest(name):
                plain = PLAIN._replace(**BESIDE.get(name, {}))
                other = plain._replace(actions=plain.actions._replace(**{name: True}))
                self.assertNotEqual(html(plain), html(other), f"{name} decides about nothing")

    def test_words_of_answers_are_part_of_the_key(self) -> None:
        reworded = SAME._replace(word="One and the same")
        self.assertIn("One and the same", html(PLAIN._replace(stance=reworded)))
        self.assertNotIn("One and the same", html(PLAIN._replace(stance=SAME)))

    def test_the_cache_is_bounded(self) -> None:
        self.assertEqual(card_template.cache_info().maxsize, VARIANTS)
