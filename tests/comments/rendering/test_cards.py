"""The actions of a card depend on nothing but the facts that the renderer remembers them by."""

from dataclasses import fields
from itertools import product
from typing import Any

from django.test import SimpleTestCase
from django.utils import timezone
from django.utils.safestring import SafeString

from comments.listing.rows import CommentRow
from comments.models import CommentKind, CommentState
from comments.permissions import Reader
from comments.rendering.cards import CardRenderer
from comments.stance_label import StanceLabel
from core.timestamps import write_stamp
from posts.models import Post

NOW = timezone.now()
NOWHERE = SafeString()
SELF, OTHER, STANCE = 1, 2, 5
LABEL = StanceLabel("same", "Same", "within", "orange")
# One value for visitors, writers, the suspended, authors and moderators.
READERS = [
    Reader(None, may_write=False, is_exempt=False, is_moderator=False, now=NOW),
    *(
        Reader(SELF, may_write=write, is_exempt=exempt, is_moderator=moderator, now=NOW)
        for write, exempt, moderator in product((False, True), repeat=3)
    ),
]
VARIED: dict[str, tuple[Any, ...]] = {
    "author_id": (SELF, OTHER),
    "state": tuple(CommentState.values),
    "deleted_at": (None, NOW),
    "depth": (0, 18),
    "locked_at": (None, NOW),
    "argues_for_id": (None, STANCE, STANCE + 1),
    "kind": tuple(CommentKind.values),
    "edited_at": (None, NOW),
    "stance_id": (None, STANCE),
}


def renderer(reader: Reader) -> CardRenderer:
    """Return a renderer that remembers nothing."""
    return CardRenderer(
        post=Post(),
        reader=reader,
        stances={STANCE: LABEL},
        author_ids=frozenset(),
        post_url=NOWHERE,
        answer_url=NOWHERE,
        wordings_url=NOWHERE,
        own=STANCE,
    )


def rows() -> list[CommentRow]:
    """Return a row for each combination of `VARIED`."""
    rest = {column.name: None for column in fields(CommentRow)} | {"created": write_stamp(NOW)}
    return [
        CommentRow(**{**rest, **dict(zip(VARIED, values, strict=True))})
        for values in product(*VARIED.values())
    ]


class ActionTests(SimpleTestCase):
    """A renderer that has rendered other comments offers what a new one does."""

    def test_remembered_actions_are_those_asked_anew(self) -> None:
        offered = set()
        for reader in READERS:
            used = renderer(reader)
            for row in rows():
                actions = used.actions_on(row)
                offered.add(actions)
                self.assertEqual(actions, renderer(reader).actions_on(row), row)
        self.assertGreater(len(offered), 10)
