"""Make readers who reply; run on a site's data: `python -m bench.harness.readers NUMBER SLUG…`.

They are no newcomers, are signed in, and have answered the question of each post. Prints JSON: the
keys of their `sessions`, the `stance` they chose, and realistic `texts` in Markdown.
"""

import json
import sys
from random import Random
from typing import Any


def main(number: int, slugs: list[str]) -> None:
    """Make the readers and print their sessions, their stance and texts to send."""
    import django

    django.setup()
    from django.db import transaction

    from comments.seeding.text import rendered
    from posts.models import Post

    with transaction.atomic():
        readers = accounts(number)
        posts = [Post.objects.get(slug=slug) for slug in slugs]
        stances = {answered(post, readers) for post in posts}
        sessions = [session(reader) for reader in readers]
    (stance,) = stances
    texts = [text for text, _html in rendered(Random(1))]
    print(json.dumps({"sessions": sessions, "stance": stance, "texts": texts}))


def accounts(number: int) -> list[Any]:
    """Return new accounts without the limits on newcomers."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User
    from core.text import skeleton

    before = User.objects.filter(handle__startswith="bench-").count()
    handles = [f"bench-{before + i:06}" for i in range(number)]
    return User.objects.bulk_create(
        User(
            handle=handle,
            handle_skeleton=skeleton(handle),
            password=make_password(None),
            is_demo=True,
        )
        for handle in handles
    )


def answered(post: Any, readers: list[Any]) -> str:
    """Answer the question of `post` as all `readers`; return the key of their stance."""
    from comments.actions.comments import answer_question

    stance = post.question.offered[0]
    for reader in readers:
        answer_question(reader=reader, question=post.question, stance=stance)
    return str(stance.key)


def session(reader: Any) -> str:
    """Return the key of a session of `reader`, as after an earlier visit."""
    from django.test import Client
    from django.utils import timezone

    from accounts.middleware import SEEN, STARTED

    client = Client()
    client.force_login(reader)
    stored = client.session
    stored[STARTED] = stored[SEEN] = timezone.now().isoformat()
    stored.save()
    return str(stored.session_key)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
