"""Test nesting rows in tree order."""

from dataclasses import dataclass

from django.test import SimpleTestCase

from comments.tree.nesting import flatten, nest


@dataclass
class NestedRow:
    """A comment as far as nesting looks at it."""

    id: int
    parent_id: int | None
    depth: int
    reply_count: int = 0


class NestTests(SimpleTestCase):
    """From a flat list to a tree and back."""

    rows = (
        NestedRow(1, None, 0, 2),
        NestedRow(2, 1, 1, 1),
        NestedRow(4, 2, 2),
        NestedRow(3, 1, 1),
        NestedRow(5, None, 0),
    )

    def test_replies_hang_under_what_they_answer(self) -> None:
        top = nest(self.rows, max_indent=5)
        self.assertEqual([node.comment.id for node in top], [1, 5])
        self.assertEqual([node.comment.id for node in top[0].replies], [2, 3])
        self.assertEqual([node.indent for node in flatten(top)], [0, 1, 2, 1, 0])

    def test_flattening_gives_back_the_order(self) -> None:
        self.assertEqual(
            [node.comment for node in flatten(nest(self.rows, max_indent=5))], list(self.rows)
        )

    def test_too_deep_rows_are_a_link_away(self) -> None:
        top = nest(self.rows, max_indent=1)
        self.assertEqual([node.comment.id for node in flatten(top)], [1, 2, 3, 5])
        self.assertEqual([node.continues for node in flatten(top)], [False, True, False, False])

    def test_a_reply_without_its_parent_is_an_orphan(self) -> None:
        top = nest(self.rows[2:], max_indent=5)
        self.assertEqual(
            [(n.comment.id, n.is_orphan) for n in top], [(4, True), (3, True), (5, False)]
        )

    def test_a_branch_is_indented_from_its_own_root(self) -> None:
        top = nest(self.rows[1:3], base_depth=1, max_indent=5)
        self.assertEqual([(n.indent, n.is_orphan) for n in flatten(top)], [(0, False), (1, False)])
