"""Pages of a discussion in the order of time: threads, one stance, one branch; held comments."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Q
from django.db.models.functions import Length

from core import limits
from core.db.prepared import Prepared
from posts.models import Post

from ..models import Comment
from ..querysets import CommentQuerySet
from ..tree import paths
from ..tree.nesting import Node, flatten, nest
from . import traversal
from .cursors import BranchCursor, FlatCursor, TreeCursor
from .page import ThreadPage, fitting, in_order, on
from .rows import CommentRow, columns, comment_rows, question_id

# The parameters of a cursor in a query: of `TreeCursor`, of `FlatCursor`.
_TREE_PLACE = {"time": datetime, "thread": int, "path": str}
_FLAT_PLACE = {"time": datetime, "row_id": int}


class _Stub(NamedTuple):
    """The columns of a comment that decide which page it is on."""

    id: int
    thread_id: int
    text_length: int


def oldest(post: Post, after: str, size: int, reader: int) -> ThreadPage:
    """Return threads with their replies, the oldest thread first; raises BadCursor."""
    return _threads(post, after, size, reader, newest=False)


def newest(post: Post, after: str, size: int, reader: int) -> ThreadPage:
    """Return threads with their replies, the newest thread first; raises BadCursor."""
    return _threads(post, after, size, reader, newest=True)


def _threads(post: Post, after: str, size: int, reader: int, *, newest: bool) -> ThreadPage:
    asked = {"post": post.pk, "question": question_id(post), "reader": reader}
    return _cut_into_page(comment_rows(_behind_cursor(after, size, asked, _tree, newest)), size)


def _behind_cursor(
    after: str, size: int, asked: dict[str, Any], query: Callable[..., Prepared], newest: bool
) -> list[Any]:
    """Return the rows of a page behind the cursor `after`, and one more if there is one.

    `query` returns the query for one part of the rows behind a cursor; raises BadCursor.
    """
    if not after:
        return query(size, newest, None).rows(**asked)
    cursor = TreeCursor.parse(after)
    place = {"time": cursor.published_at, "thread": cursor.thread_id, "path": cursor.path}
    found: list[Any] = []
    for part in range(_PARTS):
        if len(found) <= size:
            found += query(size, newest, part).rows(**asked, **place)
    return found


@lru_cache(maxsize=100)
def _tree(size: int, newest: bool, part: int | None) -> Prepared:
    """Return the query for a page of threads: the first, or a `part` behind a cursor."""

    def rows(post: int, question: int, reader: int, **place: Any) -> Any:
        found = _in_tree_order(post, place, part, newest=newest)
        return columns(found, question, reader)[: size + 1]

    place = {} if part is None else _TREE_PLACE
    return Prepared(rows, post=int, question=int, reader=int, **place)


def is_on_page(comment: Comment, after: str) -> bool:
    """Return whether the page of the oldest threads behind `after` shows `comment`.

    It loads no texts.
    """
    size = limits.COMMENTS_PER_PAGE
    rows = _behind_cursor(after, size, {"post": comment.post_id}, _stubs, newest=False)
    return any(stub.id == comment.pk for stub in _kept([_Stub(*row) for row in rows], size))


@lru_cache(maxsize=10)
def _stubs(size: int, newest: bool, part: int | None) -> Prepared:
    """Return the query for the stubs of the comments that `_tree` finds."""

    def rows(post: int, **place: Any) -> Any:
        found = _in_tree_order(post, place, part, newest=newest)
        return found.values_list("id", "thread_id", Length("body_html"))[: size + 1]

    return Prepared(rows, post=int, **({} if part is None else _TREE_PLACE))


def oldest_with_stance(
    post: Post, after: str, size: int, reader: int, *, stance: int
) -> ThreadPage:
    """Return the readable comments with a stance, flat, the oldest first; raises BadCursor."""
    return _with_stance(post, after, size, reader, stance, newest=False)


def newest_with_stance(
    post: Post, after: str, size: int, reader: int, *, stance: int
) -> ThreadPage:
    """Return the readable comments with a stance, flat, the newest first; raises BadCursor."""
    return _with_stance(post, after, size, reader, stance, newest=True)


def _with_stance(
    post: Post, after: str, size: int, reader: int, stance: int, *, newest: bool
) -> ThreadPage:
    asked: dict[str, Any] = {"post": post.pk, "question": question_id(post), "reader": reader}
    asked["stance"] = stance
    if after:
        cursor = FlatCursor.parse(after)
        asked |= {"time": cursor.published_at, "row_id": cursor.row_id}
    found = comment_rows(_flat(size, newest, bool(after)).rows(**asked))
    fit = fitting(found, size)
    last = found[fit - 1] if len(found) > fit else None
    more = str(FlatCursor(last.published_at, last.id)) if last and last.published_at else ""
    return ThreadPage([Node(row, indent=0) for row in found[:fit]], next=more)


@lru_cache(maxsize=100)
def _flat(size: int, newest: bool, is_behind: bool) -> Prepared:
    """Return the query for a page of the comments with a stance: the first, or behind a cursor."""

    def rows(post: int, question: int, reader: int, stance: int, **place: Any) -> Any:
        found = Comment.objects.filter(post=post, stance=stance).readable()
        found = found.order_by(*(["-published_at", "-id"] if newest else ["published_at", "id"]))
        if place:
            found = found.filter(_past(FlatCursor(place["time"], place["row_id"]), newest=newest))
        return columns(found, question, reader)[: size + 1]

    place = _FLAT_PLACE if is_behind else {}
    return Prepared(rows, post=int, question=int, reader=int, stance=int, **place)


def branch_page(post: Post, branch: Comment, after: str, size: int, reader: int = 0) -> ThreadPage:
    """Return `branch` and its replies, to the depth of a thread; raises BadCursor."""
    behind = BranchCursor.parse(after).path if after else ""
    deepest = branch.depth + limits.INDENT_WIDE
    ids = traversal.branch(
        branch.thread_id, branch.path, after=behind, deepest=deepest, number=size + 1
    )
    above = paths.row_ids(branch.path)[:-1]
    read_at_once = in_order([*above, *ids], post, reader)
    over = [entry for entry in read_at_once if entry.depth < branch.depth]
    found = read_at_once[len(over) :]
    fit = fitting(found, size)
    more = str(BranchCursor(found[fit - 1].path)) if len(found) > fit else ""
    nodes = nest(found[:fit], base_depth=branch.depth, max_indent=limits.INDENT_WIDE)
    return ThreadPage(nodes, next=more, branch=branch, ancestors=tuple(over))


def held_by(post: Post, user: Any) -> list[CommentRow]:
    """Return the held comments of `user` under `post`, the oldest first."""
    return comment_rows(_HELD.rows(post=post.pk, question=question_id(post), author=user.pk))


_HELD = Prepared(
    lambda post, question, author: columns(
        Comment.objects.for_post(post).held().filter(author=author).order_by("id"),
        question,
        author,
    ),
    post=int,
    question=int,
    author=int,
)


def place_held(page: ThreadPage, held: list[CommentRow]) -> list[CommentRow]:
    """Add the held replies of a writer to their parents on `page`; return the others."""
    by_id = {node.comment.id: node for node in flatten(page.nodes)}
    others = []
    for comment in held:
        parent = by_id.get(comment.parent_id or 0)
        if parent is None:
            others.append(comment)
        else:
            parent.replies.append(Node(comment, indent=parent.indent + 1))
    return others


def _in_tree_order(
    post: int, place: dict[str, Any], part: int | None, *, newest: bool
) -> CommentQuerySet:
    """Return the comments of threads in order: all, or one `part` of those behind a `place`."""
    order = ["thread_published_at", "thread_id", "path"]
    if newest:
        order = ["-thread_published_at", "-thread_id", "path"]
    rows = on(post).drawn().order_by(*order)
    if part is None:
        return rows
    cursor = TreeCursor(place["time"], place["thread"], place["path"])
    return rows.filter(_behind(cursor, newest=newest)[part])


_PARTS = 3


def _behind(cursor: TreeCursor, *, newest: bool) -> tuple[Q, Q, Q]:
    """Return the conditions for the parts of the rows behind `cursor`, in the order of the page.

    These are the rest of its thread, the threads of the same time, and the later ones. Each is one
    range of an index; as one condition they would read the whole thread of the cursor first.
    """
    beyond = "lt" if newest else "gt"
    time, thread = cursor.published_at, cursor.thread_id
    return (
        Q(thread_published_at=time, thread_id=thread, path__gt=cursor.path),
        Q(**{"thread_published_at": time, f"thread_id__{beyond}": thread}),
        Q(**{f"thread_published_at__{beyond}": time}),
    )


def _past(cursor: FlatCursor, *, newest: bool) -> Q:
    """Return the condition for rows behind `cursor` by publication, falling where `newest`."""
    beyond = "lt" if newest else "gt"
    time, row_id = cursor.published_at, cursor.row_id
    return Q(**{f"published_at__{beyond}e": time}) & (
        Q(**{f"published_at__{beyond}": time})
        | Q(**{"published_at": time, f"id__{beyond}": row_id})
    )


def _cut_into_page(rows: list[CommentRow], size: int) -> ThreadPage:
    """Return a page of the first `rows` that fit, with cursors to the others."""
    kept = _kept(rows, size)
    nodes = nest(kept, max_indent=limits.INDENT_WIDE)
    if len(kept) == len(rows) or not kept:
        return ThreadPage(nodes)
    here = _tree_cursor(kept[-1])
    cut = rows[len(kept)].thread_id == kept[-1].thread_id
    return ThreadPage(nodes, next=str(here), next_thread=str(here.behind_thread()) if cut else "")


def _kept(rows: list[Any], size: int) -> list[Any]:
    """Return the first rows that fit: `size` comments and `THREADS_PER_PAGE` threads at most."""
    kept = rows[: fitting(rows, size)]
    threads: set[int] = set()
    for place, row in enumerate(kept):
        threads.add(row.thread_id)
        if len(threads) > limits.THREADS_PER_PAGE:
            return kept[:place]
    return kept


def _tree_cursor(comment: Comment | CommentRow) -> TreeCursor:
    if comment.thread_published_at is None:
        raise ValueError("a comment that is shown is in a published thread")
    return TreeCursor(comment.thread_published_at, comment.thread_id, comment.path)


def thread_start(comment: Comment) -> str:
    """Return the cursor of a page that begins with the thread of `comment`."""
    cursor = _tree_cursor(comment)
    return str(TreeCursor(cursor.published_at, cursor.thread_id - 1, comment.path[: paths.WIDTH]))
