"""Reply under a followed article: `python -m bench.writes.followed_work FOLLOWERS … SLUG`.

Run on the data of a site. Prints as JSON, for each number of followers, that number, the queries
of a reply and its milliseconds of processor time.
"""

import json
import sys
import time
from typing import Any
from uuid import uuid4

ROUNDS, COUNTED = 31, 9
BATCH = 5_000  # rows of one insert


def main(*arguments: str) -> None:
    """Measure, and print the result as JSON."""
    import logging

    import django

    django.setup()
    logging.disable(logging.INFO)
    *numbers, slug = arguments
    sizes = [int(number) for number in numbers]
    measure(sizes[0], slug, 0)  # the first replies of a site ask less, with any followers
    print(json.dumps([(size, *measure(size, slug, turn)) for turn, size in enumerate(sizes, 1)]))


def measure(followers: int, slug: str, turn: int) -> tuple[int, float]:
    """Return the queries and the milliseconds of a reply under the article with `followers`.

    Each `turn` replies in a thread of its own, so that none is longer than another.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from posts.models import Post

    post = Post.objects.get(slug=slug)
    follow(post.pk, followers)
    replying = Replying(post, turn)
    replying.reply()
    taken = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        replying.reply()
        taken.append((time.process_time() - begun) * 1000)
    asked = []
    for _round in range(COUNTED):  # one that finds a job waiting asks more
        with CaptureQueriesContext(connection) as queries:
            replying.reply()
        asked.append(len(queries))
    return min(asked), min(taken)


def follow(post: int, number: int) -> None:
    """Let exactly `number` addresses follow the post with the id `post`."""
    from django.db import connection
    from django.utils import timezone

    from notifications.models import Subscription

    Subscription.objects.all().delete()
    now = timezone.now()
    Subscription.objects.bulk_create(
        (
            Subscription(
                target="post", target_id=post, confirmed_at=now, address=f"{each}@mail.example"
            )
            for each in range(number)
        ),
        batch_size=BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Replying:
    """The author of a post, who replies to one comment and is under no limit of rate."""

    def __init__(self, post: Any, turn: int) -> None:
        """Sign the author in; reply to the comment that begins the thread numbered `turn`."""
        from django.test import Client
        from django.urls import reverse

        from comments.models import Comment

        parent = Comment.objects.readable().filter(post=post, depth=0).order_by("pk")[turn]
        self.address = reverse("comments:answer", args=[post.slug])
        self.fields = {"kind": "note", "parent": str(parent.pk), "wish": "post"}
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(post.byline[0])

    def reply(self) -> None:
        """Send a reply; raise AssertionError if it is refused."""
        key = str(uuid4())
        sent = {**self.fields, "body": f"A reply that is called {key}.", "form_key": key}
        answer = self.client.post(self.address, sent)
        assert answer.status_code == 302, answer.content.decode()[-3000:]


if __name__ == "__main__":
    main(*sys.argv[1:])
