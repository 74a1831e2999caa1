"""Profile one request: `python -m bench.pages.profiling KIND PATH`.

Run on the data of a site, in one process, through Django's test client. KIND is `cached` for a
public page without a write before it, `public` or `signed-in` for a page rebuilt after a write, or
`reply`.
"""

import cProfile
import io
import pstats
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from ..report.ratios import Row
from .kinds import READER, REPLY, VISITOR
from .queries import STALE, answer_anew

LINES = 25  # printed of each order of the profile
OURS = re.compile(r"^(public page|signed-in page|afresh: .*|durable reply)")


def slowest(rows: list[Row]) -> Row | None:
    """Return the row of the site's requests that took the most processor time, or None."""
    ours = [row for row in rows if OURS.match(row["what"]) and "path" in row]
    return max(ours, key=lambda row: float(row["cost"]), default=None)


def kind_of(row: Row) -> str:
    """Return the KIND of request that a row measures."""
    what = row["what"]
    return REPLY if what.endswith("reply") else READER if READER in what else VISITOR


def main(kind: str, path: str) -> None:
    """Print the profile of one request of this `kind` to `path`."""
    before, ask = prepared(kind, path)
    before()
    print(profile(ask))


def prepared(kind: str, path: str) -> tuple[Callable[[], None], Callable[[], Any]]:
    """Return the function to call before each request, and the one that sends it."""
    import django

    django.setup()
    from django.test import Client

    from accounts.models import User
    from posts.models import Post

    client = Client(headers={"host": "localhost"})
    reader = User.objects.get(handle="reader")
    if kind in {READER, REPLY}:
        client.force_login(reader)
    ask = replying(client, path) if kind == REPLY else lambda: client.get(path, follow=True)
    ask()
    slug = re.match(r"/posts/([^/]+)/", path)
    post = Post.objects.get(slug=slug[1]) if slug and kind in {VISITOR, READER} else None

    def write() -> None:
        if post:
            answer_anew(reader, post)
            time.sleep(STALE)

    return write, ask


def replying(client: Any, path: str) -> Callable[[], Any]:
    """Return a function that replies at the address `path`, with a new text each time."""
    from posts.models import Post

    post = Post.objects.get(slug=path.split("/")[2])
    parent = post.comments.filter(is_shown=True).order_by("path").first()
    stance = post.question.offered[0].key

    def reply() -> Any:
        key = uuid.uuid4()
        form = {"body": f"A **reply** of its own, {key}.", "form_key": key, "wish": "post"}
        return client.post(path, {**form, "stance": stance, "parent": parent.pk if parent else ""})

    return reply


def profile(ask: Callable[[], Any]) -> str:
    """Return the functions with the most time, by their own and by their cumulative time."""
    profiler = cProfile.Profile()
    response = profiler.runcall(ask)
    printed = io.StringIO()
    statistics = pstats.Stats(profiler, stream=printed).strip_dirs()
    statistics.sort_stats("cumulative").print_stats(LINES)
    statistics.sort_stats("tottime").print_stats(LINES)
    return f"Answered {response.status_code}\n{printed.getvalue()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
