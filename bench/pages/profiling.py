"""Where the time of one request goes: `python -m bench.pages.profiling KIND PATH`.

Run on the data of a site, in one process, through Django's test client. KIND is `public`,
`signed-in` or `reply`; pages of these are asked for after somebody has written, so that they are
built. `kept` asks for a public page that nobody has written to.
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

LINES = 25
OURS = re.compile(r"^(public page|signed-in page|afresh: .*|durable reply)")


def slowest(rows: list[Row]) -> Row | None:
    """Return the row of ours that took the most processor time, or None."""
    ours = [row for row in rows if OURS.match(row["what"]) and "path" in row]
    return max(ours, key=lambda row: float(row["cost"]), default=None)


def kind_of(row: Row) -> str:
    """Return the KIND that the row measures."""
    what = row["what"]
    return REPLY if what.endswith("reply") else READER if READER in what else VISITOR


def main(kind: str, path: str) -> None:
    """Print the profile of one request of this `kind` to `path`."""
    before, ask = prepared(kind, path)
    before()
    print(profile(ask))


def prepared(kind: str, path: str) -> tuple[Callable[[], None], Callable[[], Any]]:
    """Return what comes before each request of this `kind` to `path`, and what makes one."""
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
    """Return what replies at the address `path`, in new words each time."""
    from posts.models import Post

    post = Post.objects.get(slug=path.split("/")[2])
    parent = post.comments.filter(is_shown=True).order_by("path").first()
    stance = post.question.offered[0].key

    def reply() -> Any:
        words = uuid.uuid4()
        told = {"body": f"A **reply** of its own, {words}.", "form_key": words, "wish": "post"}
        return client.post(path, {**told, "stance": stance, "parent": parent.pk if parent else ""})

    return reply


def profile(ask: Callable[[], Any]) -> str:
    """Return the lines of a profile that took the most time of their own and below."""
    profiler = cProfile.Profile()
    response = profiler.runcall(ask)
    told = io.StringIO()
    statistics = pstats.Stats(profiler, stream=told).strip_dirs()
    statistics.sort_stats("cumulative").print_stats(LINES)
    statistics.sort_stats("tottime").print_stats(LINES)
    return f"Answered {response.status_code}\n{told.getvalue()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
