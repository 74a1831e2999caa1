"""Count the queries of pages; run on the data of a site: `python -m bench.pages.queries SLUG…`.

Prints JSON: for each post, the queries of the public and of the signed-in page, both rebuilt after
a reader has answered.
"""

import json
import sys
import time
from typing import Any

STALE = 1.15  # seconds after a write, by when every page has to show it


def main(slugs: list[str]) -> None:
    """Request each page once to warm up, answer each question, then count the queries."""
    import django

    django.setup()
    from django.test import Client

    from accounts.models import User
    from posts.models import Post

    reader = User.objects.get(handle="reader")
    public, signed_in = (Client(headers={"host": "localhost"}) for _ in range(2))
    signed_in.force_login(reader)
    posts = list(Post.objects.filter(slug__in=slugs))
    people = {"public page": public, "signed-in page": signed_in}
    for client in people.values():
        for post in posts:
            client.get(post.get_absolute_url())
    for post in posts:
        answer_anew(reader, post)
    time.sleep(STALE)
    counted = {
        post.slug: {what: count(client, post) for what, client in people.items()} for post in posts
    }
    print(json.dumps(counted))


def answer_anew(reader: Any, post: Any) -> None:
    """Change the answer of `reader` to the question of `post`."""
    from comments.actions.comments import answer_question
    from comments.actions.stances import stance_of

    before = stance_of(reader, post)
    stance = next(each for each in post.question.offered if each != before)
    answer_question(reader=reader, question=post.question, stance=stance)


def count(client: Any, post: Any) -> int:
    """Return the queries of a request for `post`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(post.get_absolute_url()).status_code == 200
    return len(queries)


if __name__ == "__main__":
    main(sys.argv[1:])
