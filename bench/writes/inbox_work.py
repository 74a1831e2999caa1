"""Fill an inbox and measure it: `python -m bench.writes.inbox_work NUMBER SLUG`.

Run on the data of a site. Prints for each act its queries and milliseconds.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

ROUNDS = 7
BATCH = 5_000  # rows of one insert


def main(number: str, slug: str) -> None:
    """Measure, and print the result as JSON."""
    import django

    django.setup()
    print(json.dumps({"size": int(number), "acts": measure(int(number), slug)}))


def measure(number: int, slug: str) -> dict[str, tuple[int, float]]:
    """Return the queries and milliseconds of each act in an inbox of `number` notifications."""
    from django.test import Client
    from django.urls import reverse

    from core.jobs.worker import JobWorker

    client = Client(headers={"host": "localhost"})
    client.force_login(fill(number, slug))
    inbox, read = reverse("comments:me"), reverse("comments:me-read")
    undo = reverse("comments:me-read-undo")

    def page() -> Any:
        return client.get(inbox)

    def jobs() -> None:
        while JobWorker().turn():
            pass

    page()
    done = {"page, all unread": timed(page, ROUNDS)}
    answer: list[Any] = []
    shown = re.search(r'name="newest" value="(\d+)"', page().text)
    assert shown, "the page offers to mark all as read"
    newest = shown.group(1)
    done["mark all"] = timed(lambda: answer.append(client.post(read, {"newest": newest})))
    done["mark all, the job"] = timed(jobs)
    done["page, all read"] = timed(page, ROUNDS)
    done["page of one kind"] = timed(lambda: client.get(inbox, {"kind": "account"}), ROUNDS)
    marked = answer[0].url.partition("marked=")[2].partition("&")[0]
    done["undo"] = timed(lambda: client.post(undo, {"marked": marked}))
    done["undo, the job"] = timed(jobs)
    return done


def timed(act: Callable[[], object], rounds: int = 1) -> tuple[int, float]:
    """Return the queries of `act` and its median milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for _round in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    if rounds == 1:  # What changes rows is not done twice, to count its queries.
        return 0, taken[0]
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked), median(taken)


def fill(number: int, slug: str) -> Any:
    """Give a new person `number` notifications of replies; return the person."""
    from django.db import connection
    from django.utils import timezone

    from comments.models import Comment
    from notifications.models import Notification
    from tests.factories import make_user

    person = make_user(f"reader-of-{number}")
    comments = list(Comment.objects.readable().filter(post__slug=slug).values_list("pk", flat=True))
    now = timezone.now()
    rows = (
        Notification(
            recipient=person,
            kind="reply",
            subject_id=comments[each] if each < len(comments) else 10**9 + each,
            target="comment",
            target_id=10**9 + each,
            created_at=now - each * timedelta(seconds=2),
        )
        # The newest are about comments that are there.
        for each in reversed(range(number))
    )
    Notification.objects.bulk_create(rows, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


if __name__ == "__main__":
    main(*sys.argv[1:])
