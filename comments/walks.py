"""Walking through one branch in tree order, past what is too deep to be drawn.

A million replies below the deepest level of a page would all be read by a query that filters them
out. Here each step is one look into an index, and the step behind a comment of the deepest level
goes past all that is under it.
"""

from django.db import connections, router

from . import paths
from .models import Comment

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


def _behind(path: str, longest: int) -> str:
    """Return where the walk goes on behind the comment at `path`."""
    return path + (paths.DIGITS[0] if len(path) < longest else paths.LAST)
