"""Make a huge branch, and moderate it: `python -m bench.writes.branch_work make NUMBER SLUG`.

Run on the data of a site; then run it with `work SLUG`. `make` prints the root of the branch's
thread; `work` locks, removes, restores and moves the branch, and prints for each action its start
and end (seconds since 1970), the seconds of each batch, and then the lines of `check_integrity`.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

DEEPEST = 10  # levels: enough for a real tree, and few enough that every comment takes replies
COLUMNS = (
    *("id", "post_id", "parent_id", "author_id", "kind", "stance_id", "question_version_id"),
    *("body", "body_html", "markup_version", "thread_id", "path", "depth", "state", "is_shown"),
    *("created_at", "published_at", "thread_published_at", "reply_count", "arrival"),
)


def main(what: str, *arguments: str) -> None:
    """Run the command `what` and print its result as JSON."""
    import django

    django.setup()
    does: dict[str, Callable[..., dict[str, Any]]] = {"make": make, "work": work}
    print(json.dumps(does[what](*arguments)))


def make(number: str, slug: str) -> dict[str, Any]:
    """Write `number` replies at all levels below the first reply of the post; return the root."""
    from django.db import transaction

    from comments.actions import states
    from comments.locks import next_ids
    from comments.models import Comment
    from comments.tree import paths
    from core.db.bulk import BulkInsert, adapt_time

    top = Comment.objects.readable().filter(post__slug=slug, depth=1).order_by("pk").first()
    assert top is not None
    random, count = Random(number), int(number)
    with transaction.atomic():
        ids = next_ids(count)
        places: list[list[Any]] = [[top.pk, None, top.path, top.depth, 0]]
        for pk in ids:
            parent = places[random.randrange(max(0, len(places) - 1_000), len(places))]
            parent = parent if parent[3] < DEEPEST else places[0]
            parent[4] += 1
            places.append([pk, parent[0], paths.child(parent[2], pk), parent[3] + 1, 0])
        when, began = (
            adapt_time(top.created_at),
            adapt_time(top.thread.published_at or top.created_at),
        )
        rows = (
            (
                *(pk, top.post_id, parent, top.author_id, "reader", top.stance_id),
                *(top.question_version_id, top.body, top.body_html, top.markup_version),
                *(top.thread_id, path, depth, "published", True, when, when),
                *(began, replies, 1),
            )
            for pk, parent, path, depth, replies in places[1:]
        )
        BulkInsert(Comment, COLUMNS).write(rows)
        states.add(top.pk, reply_count=places[0][4])
        states.add(top.thread_id, thread_size=count)
        top.post.bump_page_version(comments=count)
    return {"root": top.thread_id}


def work(slug: str) -> dict[str, Any]:
    """Lock, unlock, remove, restore and move the branch that `make` wrote."""
    from accounts.models import Role, User
    from comments.integrity import faults, no_statement_timeout
    from comments.models import Comment
    from comments.moderation import actions
    from comments.moderation.actions import branches as removals

    by = User.objects.create(handle="bench-moderator", email="bench-moderator@example.org")
    by.role_grants.create(role=Role.MODERATOR)
    top = Comment.objects.filter(post__slug=slug, depth=1).order_by("-reply_count")[0]

    def act(what: str, does: Callable[[Comment], object]) -> dict[str, Any]:
        with timed_batches(removals) as batches:
            start = time.time()
            does(Comment.objects.get(pk=top.pk))
            first = time.time()
            finish()
        took = [first - start, *batches]
        return {"what": what, "rows": 1, "start": start, "end": time.time(), "batches": took}

    acts = [
        act("lock", lambda it: actions.lock(it, by=by, reason="heated")),
        act("unlock", lambda it: actions.unlock(it, by=by, reason="settled")),
        act("remove", lambda it: actions.remove(it, by=by, reason="spam", with_replies=True)),
        act("restore", lambda it: actions.restore(it, by=by)),
        act("move", lambda it: actions.detach(it, by=by)),
    ]
    below = Comment.objects.filter(thread=top.pk).count()
    for each in acts[2:]:
        each["rows"] = below
    with no_statement_timeout():
        return {"acts": acts, "faults": [str(fault) for fault in faults()]}


def finish() -> None:
    """Run all waiting jobs, as a worker would."""
    from core.jobs.worker import JobWorker

    worker = JobWorker()
    while worker.turn():
        pass


@contextmanager
def timed_batches(removals: Any) -> Iterator[list[float]]:
    """Yield a list that collects the seconds of each batch of a job until the block ends."""
    from comments.actions import branches

    took: list[float] = []

    def to_the_end(some: Callable[[], bool]) -> None:
        more = True
        while more:
            start = time.time()
            more = some()
            took.append(time.time() - start)
            time.sleep(branches.PAUSE)

    with (
        patch.object(removals, "to_the_end", to_the_end),
        patch.object(branches, "to_the_end", to_the_end),
    ):
        yield took


if __name__ == "__main__":
    main(*sys.argv[1:])
