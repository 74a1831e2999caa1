"""Nest rows in tree order into threads. Pure: no database, no request, no HTML."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Node:
    """A comment with those of its replies that are on the page.

    `comment` has `id`, `parent_id`, `depth` and `reply_count`. `indent` is the level at which it is
    shown; `continues` is true if its replies are behind a link, `is_orphan` if its parent is on an
    earlier page. `place` is the reason why a thread is on the first screen, or None.
    """

    comment: Any
    indent: int
    replies: list["Node"] = field(default_factory=list)
    continues: bool = False
    is_orphan: bool = False
    place: Any = None


def nest(rows: Iterable[Any], *, base_depth: int = 0, max_indent: int) -> list[Node]:
    """Nest `rows`, comments in tree order, and return the top nodes.

    A row whose parent is not among the rows becomes a top node; it is an orphan if it is deeper
    than `base_depth`. Rows more than `max_indent` levels below `base_depth` are left out, and the
    node above them `continues`.
    """
    top: list[Node] = []
    by_id: dict[int, Node] = {}
    for row in rows:
        indent = row.depth - base_depth
        if indent > max_indent:
            continue
        node = Node(row, indent=indent, continues=indent == max_indent and row.reply_count > 0)
        by_id[row.id] = node
        above = by_id.get(row.parent_id)
        if above is not None:
            above.replies.append(node)
        else:
            node.is_orphan = indent > 0
            top.append(node)
    return top


def flatten(nodes: Iterable[Node]) -> list[Node]:
    """Return `nodes` and their descendants, in tree order."""
    flat: list[Node] = []
    stack = list(reversed(list(nodes)))
    while stack:
        node = stack.pop()
        flat.append(node)
        stack.extend(reversed(node.replies))
    return flat
