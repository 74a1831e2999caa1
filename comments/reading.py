"""Loading one page of a discussion: which comments, in which order, and where the next begins."""

from datetime import datetime
from functools import lru_cache
from itertools import takewhile
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from core import limits
from core.prepared import Prepared
from posts.models import Post

from . import paths, ranked, walks
from .cursors import BranchCursor, FlatCursor, TreeCursor
from .entries import Entry, columns, entries, question_id, read
from .models import Comment
from .pages import Page, Sort, fitting, in_order, on
from .querysets import CommentQuerySet
from .threads import Node, flatten, nest

__all__ = ["Page", "Sort", "fitting"]

# What says where a comment stands.
_PLACE = ("thread", "parent", "path", "depth", "reply_count", "thread_published_at")


def threads_page(post: Post, sort: Sort, after: str, size: int, reader: int = 0) -> Page:
    """Return threads with their replies in tree order; raises BadCursor for a bad `after`."""
    if sort in ranked.SORTS and (post.front or after or sort != Sort.BALANCED):
        return ranked.threads(post, sort, after, size, reader)
    newest = sort == Sort.NEWEST
    asked: dict[str, Any] = {"post": post.pk, "question": question_id(post), "reader": reader}
    if after:
        cursor = TreeCursor.parse(after)
        asked |= {"time": cursor.published_at, "thread": cursor.thread_id, "path": cursor.path}
    found: list[Any] = []
    for part in range(_PARTS if after else 1):
        if len(found) <= size:
            found += _tree(size, newest, bool(after), part).rows(**asked)
    return _cut_into_page(entries(found), size)


@lru_cache(maxsize=100)
def _tree(size: int, newest: bool, is_behind: bool, part: int) -> Prepared:
    """Return the query for a page of threads; with `is_behind` for a `part` of what is behind."""

    def rows(post: int, question: int, reader: int, **place: Any) -> Any:
        after = TreeCursor(place["time"], place["thread"], place["path"]) if place else None
        found = _in_tree_order(post, after, part, newest=newest)
        return columns(found, question, reader)[: size + 1]

    place = {"time": datetime, "thread": int, "path": str} if is_behind else {}
    return Prepared(rows, post=int, question=int, reader=int, **place)


def is_on_page(comment: Comment, after: str) -> bool:
    """Return whether the page of the oldest threads behind `after` shows `comment`.

    Of what is on that page it loads where it stands, and no texts.
    """
    cursor = TreeCursor.parse(after) if after else None
    size = limits.COMMENTS_PER_PAGE
    found: list[Comment] = []
    for part in range(_PARTS if cursor else 1):
        rows = _in_tree_order(comment.post, cursor, part, newest=False).only(*_PLACE)
        rows = rows.annotate(text_length=Length("body_html"))
        found += rows[: size + 1] if len(found) <= size else ()
    return any(row.id == comment.pk for row in _cut_into_page(found, size).comments)


def stance_page(
    post: Post, stance: Any, sort: Sort, after: str, size: int, reader: int = 0
) -> Page:
    """Return the standing comments with `stance`, flat; raises BadCursor for a bad `after`."""
    rows = Comment.objects.for_post(post).standing().filter(stance=stance)
    if sort in ranked.SORTS:
        return ranked.flat(post, sort, stance.pk, after, size, reader)
    newest = sort == Sort.NEWEST
    rows = rows.order_by(*(["-published_at", "-id"] if newest else ["published_at", "id"]))
    if after:
        cursor = FlatCursor.parse(after)
        rows = rows.filter(_past(cursor, newest=newest))
    found = read(rows[: size + 1], post, reader)
    fit = fitting(found, size)
    last = found[fit - 1] if len(found) > fit else None
    more = str(FlatCursor(last.published_at, last.id)) if last and last.published_at else ""
    return Page([Node(row, indent=0) for row in found[:fit]], next=more)


def branch_page(post: Post, branch: Comment, after: str, size: int, reader: int = 0) -> Page:
    """Return `branch` and its replies, as deep again as a thread; raises BadCursor."""
    behind = BranchCursor.parse(after).path if after else ""
    deepest = branch.depth + limits.INDENT_WIDE
    ids = walks.branch(
        branch.thread_id, branch.path, after=behind, deepest=deepest, number=size + 1
    )
    above = paths.row_ids(branch.path)[:-1]
    read_at_once = in_order([*above, *ids], post, reader)
    over = [entry for entry in read_at_once if entry.depth < branch.depth]
    found = read_at_once[len(over) :]
    fit = fitting(found, size)
    more = str(BranchCursor(found[fit - 1].path)) if len(found) > fit else ""
    nodes = nest(found[:fit], base_depth=branch.depth, max_indent=limits.INDENT_WIDE)
    return Page(nodes, next=more, branch=branch, ancestors=tuple(over))


def held_by(post: Post, user: Any) -> list[Entry]:
    """Return what `user` wrote under `post` that still waits for approval, in order of arrival."""
    return entries(_HELD.rows(post=post.pk, question=question_id(post), author=user.pk))


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


def place_held(page: Page, held: list[Entry]) -> list[Entry]:
    """Hang the writer's held replies under their parents on `page`; return the others."""
    by_id = {node.comment.id: node for node in flatten(page.nodes)}
    homeless = []
    for comment in held:
        parent = by_id.get(comment.parent_id or 0)
        if parent is None:
            homeless.append(comment)
        else:
            parent.replies.append(Node(comment, indent=parent.indent + 1))
    return homeless


def _in_tree_order(
    post: Post | int, after: TreeCursor | None, part: int, *, newest: bool
) -> CommentQuerySet:
    """Return what threads show in order: all, or of what is behind a cursor the given `part`."""
    order = ["thread_published_at", "thread_id", "path"]
    if newest:
        order = ["-thread_published_at", "-thread_id", "path"]
    rows = on(post).drawn().order_by(*order)
    return rows.filter(_behind(after, newest=newest)[part]) if after else rows


_PARTS = 3


def _behind(cursor: TreeCursor, *, newest: bool) -> tuple[Q, Q, Q]:
    """Return the conditions for the parts of what is behind `cursor`, in the order of reading.

    These are the rest of its thread, the threads of the same moment, and the later ones. Each is
    one range of an index; as one condition they would begin with the whole thread of the cursor.
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


def _cut_into_page(rows: list[Any], size: int) -> Page:
    """Keep what fits: at the most `size` comments, and the allowed number of threads."""
    kept = rows[: fitting(rows, size)]
    threads: dict[int, None] = {}
    for row in kept:
        threads.setdefault(row.thread_id)
    allowed = set(list(threads)[: limits.THREADS_PER_PAGE])
    kept = list(takewhile(lambda row: row.thread_id in allowed, kept))
    nodes = nest(kept, max_indent=limits.INDENT_WIDE)
    if len(kept) == len(rows) or not kept:
        return Page(nodes)
    here = _tree_cursor(kept[-1])
    cut = rows[len(kept)].thread_id == kept[-1].thread_id
    return Page(nodes, next=str(here), next_thread=str(here.behind_thread()) if cut else "")


def _tree_cursor(comment: Comment | Entry) -> TreeCursor:
    if comment.thread_published_at is None:
        raise ValueError("a comment that is shown stands in a published thread")
    return TreeCursor(comment.thread_published_at, comment.thread_id, comment.path)


def thread_start(comment: Comment) -> str:
    """Return the cursor of a page that begins with the thread of `comment`."""
    cursor = _tree_cursor(comment)
    return str(TreeCursor(cursor.published_at, cursor.thread_id - 1, comment.path[: paths.WIDTH]))
