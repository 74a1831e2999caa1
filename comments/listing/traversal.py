"""Walking through one branch in tree order, past what is too deep to be drawn.

A million replies below the deepest level of a page would all be read by a query that filters them
out. Here each step is one look into an index, and the step behind a comment of the deepest level
goes past all that is under it.
"""

from django.db import connections, router

from core import limits

from ..models import Comment, CommentState
from ..tree import paths

_STEP = """
SELECT "comments_comment".path FROM "comments_comment"
WHERE thread_id = %(thread)s AND is_shown
    AND "comments_comment".path >= {start} AND "comments_comment".path < %(end)s
ORDER BY "comments_comment".path LIMIT 1
"""
# The paths of all replies to a path begin with a digit; `paths.LAST` is behind them all.
_BEHIND = "walk.path || CASE WHEN length(walk.path) < %(longest)s THEN '0' ELSE '~' END"
_WALK = f"""
WITH RECURSIVE walk(path, step) AS (
    SELECT ({_STEP.format(start="%(start)s")}), 1
    UNION ALL
    SELECT ({_STEP.format(start=_BEHIND)}), walk.step + 1 FROM walk
    WHERE walk.path IS NOT NULL AND walk.step < %(number)s
)
SELECT walk.path FROM walk WHERE walk.path IS NOT NULL
"""  # noqa: S608


def branch(thread: int, top: str, *, after: str, deepest: int, number: int) -> list[int]:
    """Return the ids of the first `number` shown comments of the branch of `thread` at path `top`.

    They come in tree order, behind the path `after` (with `top` itself where that is empty), and
    none is deeper than `deepest`.
    """
    longest = paths.WIDTH * (deepest + 1)
    start = max(top, _behind(after, longest)) if after else top
    asked: dict[str, int | str] = {
        "thread": thread,
        "start": start,
        "end": top + paths.LAST,
        "longest": longest,
        "number": number,
    }
    if number < 1:
        return []
    with connections[router.db_for_read(Comment)].cursor() as cursor:
        cursor.execute(_WALK, asked)
        return [paths.row_ids(path)[-1] for (path,) in cursor.fetchall()]


def threads(
    roots: list[int], post: int, since: int, replies: int, most: int
) -> tuple[str, list[int]]:
    """Return SQL for the ids of whole threads, each with so many of its first `replies`.

    The threads are `roots`, and those under `post` that arrived after the version `since` of its
    page, `most` at the most. What is deeper than a page draws is passed over.
    """
    places = ", ".join(["%s"] * len(roots))
    sql = _THREADS.format(
        roots=places,
        longest=paths.WIDTH * (limits.INDENT_WIDE + 1),
        published=CommentState.PUBLISHED.value,
    )
    return sql, [*roots, post, since, most, replies + 1]


_THREADS = """
WITH RECURSIVE root(id, path) AS (
    SELECT id, path FROM "comments_comment" WHERE id IN ({roots}) AND is_shown
    UNION ALL
    SELECT id, path FROM (
        SELECT id, path FROM "comments_comment"
        WHERE post_id = %s AND arrival > %s AND state = '{published}' AND deleted_at IS NULL
            AND depth = 0
        ORDER BY arrival, id LIMIT %s
    ) AS later
), walk(thread, path, step) AS (
    SELECT root.id, root.path, 1 FROM root
    UNION ALL
    SELECT walk.thread, (
        SELECT "comments_comment".path FROM "comments_comment"
        WHERE "comments_comment".thread_id = walk.thread AND is_shown
            AND "comments_comment".path >=
                walk.path || CASE WHEN length(walk.path) < {longest} THEN '0' ELSE '~' END
        ORDER BY "comments_comment".path LIMIT 1
    ), walk.step + 1
    FROM walk WHERE walk.path IS NOT NULL AND walk.step < %s
)
SELECT (
    SELECT found.id FROM "comments_comment" AS found
    WHERE found.thread_id = walk.thread AND found.is_shown AND found.path = walk.path
) FROM walk WHERE walk.path IS NOT NULL
"""


def _behind(path: str, longest: int) -> str:
    """Return where the walk goes on behind the comment at `path`."""
    return path + (paths.DIGITS[0] if len(path) < longest else paths.LAST)
