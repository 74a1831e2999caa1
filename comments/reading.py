"""Loading one page of a discussion: which comments, in which order, and where the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from itertools import accumulate, takewhile
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from core import limits
from core.prepared import Prepared
from posts.models import Post

from . import paths, ranking, walks
from .cursors import BranchCursor, FlatCursor, RankCursor, TreeCursor
from .entries import Entry, columns, entries, question_id, read
from .models import MAX_DEPTH, Comment
from .querysets import CommentQuerySet
from .threads import Node, flatten, nest

# What says where a comment stands.
_PLACE = ("thread", "parent", "path", "depth", "reply_count", "thread_published_at")


class Sort(StrEnum):
    """The orders a reader can choose; the first is the default."""

    OLDEST = "oldest"
    NEWEST = "newest"
    REPLIES = "replies"


@dataclass(frozen=True)
class Page:
    """One page of a discussion.

    `next` is the cursor of the following page, `next_thread` one that skips the rest of a thread
    that was cut. `branch` is the comment whose branch this is, `ancestors` what it answers.
    `ends_ranking` says that there is more than a ranking holds.
    """

    nodes: list[Node]
    next: str = ""
    next_thread: str = ""
    branch: Comment | None = None
    ancestors: tuple[Entry, ...] = ()
    ends_ranking: bool = False

    @property
    def comments(self) -> list[Entry]:
        """Every comment on the page, in the order they are read."""
        return [node.comment for node in flatten(self.nodes)]


def threads_page(post: Post, sort: Sort, after: str, size: int) -> Page:
    """Return threads with their replies in tree order; raises BadCursor for a bad `after`."""
    if sort == Sort.REPLIES:
        return _ranked_threads(post, after, size)
    newest = sort == Sort.NEWEST
    asked: dict[str, Any] = {"post": post.pk, "question": question_id(post)}
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

    def rows(post: int, question: int, **place: Any) -> Any:
        after = TreeCursor(place["time"], place["thread"], place["path"]) if place else None
        return columns(_in_tree_order(post, after, part, newest=newest), question)[: size + 1]

    place = {"time": datetime, "thread": int, "path": str} if is_behind else {}
    return Prepared(rows, post=int, question=int, **place)


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


def stance_page(post: Post, stance: Any, sort: Sort, after: str, size: int) -> Page:
    """Return the standing comments with `stance`, flat; raises BadCursor for a bad `after`."""
    rows = Comment.objects.for_post(post).standing().filter(stance=stance)
    if sort == Sort.REPLIES:
        return _ranked_flat(post, stance.pk, after, size)
    newest = sort == Sort.NEWEST
    rows = rows.order_by(*(["-published_at", "-id"] if newest else ["published_at", "id"]))
    if after:
        cursor = FlatCursor.parse(after)
        rows = rows.filter(_past(cursor, newest=newest))
    found = read(rows[: size + 1], post)
    fit = fitting(found, size)
    last = found[fit - 1] if len(found) > fit else None
    more = str(FlatCursor(last.published_at, last.id)) if last and last.published_at else ""
    return Page([Node(row, indent=0) for row in found[:fit]], next=more)


def branch_page(post: Post, branch: Comment, after: str, size: int) -> Page:
    """Return `branch` and its replies, as deep again as a thread; raises BadCursor."""
    behind = BranchCursor.parse(after).path if after else ""
    deepest = branch.depth + limits.INDENT_WIDE
    ids = walks.branch(
        branch.thread_id, branch.path, after=behind, deepest=deepest, number=size + 1
    )
    above = paths.row_ids(branch.path)[:-1]
    read_at_once = _in_order([*above, *ids], post)
    over = [entry for entry in read_at_once if entry.depth < branch.depth]
    found = read_at_once[len(over) :]
    fit = fitting(found, size)
    more = str(BranchCursor(found[fit - 1].path)) if len(found) > fit else ""
    nodes = nest(found[:fit], base_depth=branch.depth, max_indent=limits.INDENT_WIDE)
    return Page(nodes, next=more, branch=branch, ancestors=tuple(over))


def _in_order(ids: list[int], post: Post) -> list[Entry]:
    """Return the shown comments `ids` in the same order."""
    if not ids:
        return []
    room = next(room for room in _ROOMS if room >= len(ids))
    asked = dict(zip(_names(room), [*ids, *[0] * (room - len(ids))], strict=True))
    rows = _by_ids(room).rows(post=post.pk, question=question_id(post), **asked)
    found = {entry.id: entry for entry in entries(rows)}
    return [found[pk] for pk in ids if pk in found]


# Of these sizes are the lists of ids that are asked for; the rest of a list is filled up.
_ROOMS = (20, 60, limits.COMMENTS_PER_PAGE_MAX + MAX_DEPTH + 1)


@lru_cache(maxsize=len(_ROOMS))
def _by_ids(room: int) -> Prepared:
    """Return the query for the shown comments with so many ids."""

    def rows(post: int, question: int, **ids: int) -> Any:
        return columns(_on(post).filter(pk__in=list(ids.values())), question)

    return Prepared(rows, post=int, question=int, **dict.fromkeys(_names(room), int))


def _names(room: int) -> list[str]:
    return [f"id{place}" for place in range(room)]


def held_by(post: Post, user: Any) -> list[Entry]:
    """Return what `user` wrote under `post` that still waits for approval, in order of arrival."""
    return entries(_HELD.rows(post=post.pk, question=question_id(post), author=user.pk))


_HELD = Prepared(
    lambda post, question, author: columns(
        Comment.objects.for_post(post).held().filter(author=author).order_by("id"), question
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
    rows = _on(post).drawn().order_by(*order)
    return rows.filter(_behind(after, newest=newest)[part]) if after else rows


def _on(post: Post | int) -> CommentQuerySet:
    return Comment.objects.for_post(post).shown()


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


def fitting(rows: Sequence[Any], size: int) -> int:
    """Return how many of `rows` make a page: `size`, or fewer long ones, but one at least.

    Who asks for more than a usual page at once gets it, however much it weighs.
    """
    if size > limits.COMMENTS_PER_PAGE:
        return min(size, len(rows))
    texts = (min(int(row.text_length), limits.FOLDED_FROM) for row in rows[:size])
    weights = accumulate(text + limits.CARD_BYTES for text in texts)
    return max(1, sum(weight <= limits.PAGE_BYTES for weight in weights))


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


def _ranked_threads(post: Post, after: str, size: int) -> Page:
    def compute() -> list[int]:
        return [pk for (pk,) in _most_replied(ranking.LONGEST).rows(post=post.pk)]

    number = min(size, limits.THREADS_PER_PAGE)
    ids, following, ends = _ranked_slice(f"{post.pk}", after, number, compute)
    rows = _in_order(ids, post)
    replies = _first_replies(post, rows, size - len(rows))
    nodes = nest(_interleave(rows, replies), max_indent=limits.INDENT_WIDE)
    for node in nodes:
        node.continues = _is_cut(node)
    return Page(nodes, next=following, ends_ranking=ends)


@cache
def _most_replied(longest: int) -> Prepared:
    """Return the query for so many threads of a post, the most replied first."""

    def roots(post: Any) -> Any:
        found = _on(post).filter(parent__isnull=True).order_by("-thread_size", "id")
        return found.values_list("pk")[:longest]

    return Prepared(roots, post=int)


def _first_replies(post: Post, roots: list[Entry], room: int) -> list[Entry]:
    """Return replies to `roots` in tree order, the first threads' first, `room` at the most."""
    ids: list[int] = []
    for root in roots:
        left = room - len(ids)
        if root.thread_size and left > 0:
            ids += walks.branch(
                root.id,
                root.path,
                after=root.path,
                deepest=limits.INDENT_WIDE,
                number=left,
            )
    return _in_order(ids, post)


def _interleave(roots: list[Entry], replies: list[Entry]) -> list[Entry]:
    by_thread: dict[int, list[Entry]] = {}
    for reply in replies:
        by_thread.setdefault(reply.thread_id, []).append(reply)
    return [row for root in roots for row in [root, *by_thread.get(root.id, [])]]


def _is_cut(node: Node) -> bool:
    """Whether some replies of a root are not on the page."""
    return len(flatten([node])) - 1 < int(node.comment.thread_size)


def _ranked_flat(post: Post, stance: int, after: str, size: int) -> Page:
    def compute() -> list[int]:
        rows = _most_replied_with(ranking.LONGEST).rows(post=post.pk, stance=stance)
        return [pk for (pk,) in rows]

    ids, following, ends = _ranked_slice(f"{post.pk}:{stance}", after, size, compute)
    found = [each for each in _in_order(ids, post) if each.is_standing and each.stance_id == stance]
    nodes = [Node(entry, indent=0) for entry in found]
    return Page(nodes, next=following, ends_ranking=ends)


@cache
def _most_replied_with(longest: int) -> Prepared:
    """Return the query for so many comments of a post with a stance, the most replied first."""

    def standing(post: int, stance: int) -> Any:
        rows = Comment.objects.for_post(post).standing().filter(stance=stance)
        return rows.order_by("-reply_count", "id").values_list("pk")[:longest]

    return Prepared(standing, post=int, stance=int)


def _ranked_slice(name: str, after: str, size: int, compute: Any) -> tuple[list[int], str, bool]:
    """Return the ids of one page of a ranking, the next page's cursor, and if a full one ends."""
    cursor = RankCursor.parse(after) if after else None
    made = ranking.generation(name, cursor.generation if cursor else None, compute)
    start = cursor.position if cursor else 0
    end = start + size
    more = str(RankCursor(made.number, end)) if end < len(made.ids) else ""
    return made.ids[start:end], more, not more and len(made.ids) == ranking.LONGEST
