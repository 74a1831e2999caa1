"""Copy comments for the uncached page: `python -m bench.limits.stored_comments SLUG FILE`.

Run on the data of a site. FILE becomes an SQLite database with one table of all that a page shows.
"""

import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

MOST = 100_000  # comments copied; the size of the largest discussion measured by default
TABLE = """
CREATE TABLE stored (
    id INTEGER PRIMARY KEY, post_id INTEGER, path TEXT, author TEXT, stance TEXT, depth INTEGER,
    published_at TEXT, body_html TEXT
);
CREATE UNIQUE INDEX stored_in_tree_order ON stored (post_id, path);
"""


def main(slug: str, file: str) -> None:
    """Write the comments of a post to the new database `file`."""
    import django

    django.setup()
    with sqlite3.connect(file) as database:
        database.executescript(TABLE)
        database.executemany("INSERT INTO stored VALUES (?, 1, ?, ?, ?, ?, ?, ?)", comments(slug))


def comments(slug: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns that a page shows, for the first comments of a post."""
    from comments.models import Comment

    rows = Comment.objects.filter(post__slug=slug, is_shown=True).order_by("path")
    shown = ("id", "path", "author__handle", "stance__key", "depth", "published_at", "body_html")
    for *others, published_at, body_html in rows.values_list(*shown)[:MOST].iterator():
        yield *others, published_at.isoformat(), body_html


if __name__ == "__main__":
    main(*sys.argv[1:])
