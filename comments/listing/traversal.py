"""Read a branch in tree order, and skip the replies below the deepest level of a page.

A query that filters them out would read all of them, a million perhaps. Here each step finds one
row in an index, and the step after a comment of the deepest level skips its whole branch.
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
# Behind a path, the paths of its replies begin with a digit; `paths.LAST` sorts behind them.
_BEHIND = "visited.path || CASE WHEN length(visited.path) < %(longest)s THEN '0' ELSE '~' END"
_TRAVERSAL = f"""
WITH RECURSIVE visited(path, step) AS (
    SELECT ({_STEP.format(start="%(start)s")}), 1
    UNION ALL
    SELECT ({_STEP.format(start=_BEHIND)}), visited.step + 1 FROM visited
    WHERE visited.path IS NOT NULL AND visited.step < %(number)s
)
SELECT visited.path FROM visited WHERE visited.path IS NOT NULL
"""  # noqa: S608


def branch(thread: int, top: str, *, after: str, deepest: int, number: int) -> list[int]:
    """Return the ids of the first `number` shown comments of the branch of `thread` at path `top`.

    They are in tree order, begin behind the path `after` (with `top` itself if that is empty) and
    are not deeper than `deepest`.
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
        cursor.execute(_TRAVERSAL, asked)
        return [paths.row_ids(path)[-1] for (path,) in cursor.fetchall()]


def threads(
    roots: list[int], post: int, since: int, replies: int, most: int
) -> tuple[str, list[int]]:
    """Return SQL for the ids of whole threads, each with so many of its first `replies`.

    The threads are `roots`, and at most `most` threads under `post` that arrived after the version
    `since` of its page. Replies below the deepest level of a page are skipped.
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
), visited(thread, path, step) AS (
    SELECT root.id, root.path, 1 FROM root
    UNION ALL
    SELECT visited.thread, (
        SELECT "comments_comment".path FROM "comments_comment"
        WHERE "comments_comment".thread_id = visited.thread AND is_shown
            AND "comments_comment".path >=
                visited.path || CASE WHEN length(visited.path) < {longest} THEN '0' ELSE '~' END
        ORDER BY "comments_comment".path LIMIT 1
    ), visited.step + 1
    FROM visited WHERE visited.path IS NOT NULL AND visited.step < %s
)
SELECT (
    SELECT found.id FROM "comments_comment" AS found
    WHERE found.thread_id = visited.thread AND found.is_shown AND found.path = visited.path
) FROM visited WHERE visited.path IS NOT NULL
"""


def _behind(path: str, longest: int) -> str:
    """Return the path at which the traversal continues behind the comment at `path`."""
    return path + (paths.DIGITS[0] if len(path) < longest else paths.LAST)
