"""Find slices of discussions; run on a site's data: `python -m bench.pages.slices NUMBER SLUG…`.

Prints JSON: for each post the keys of its `stances`, and at most NUMBER each of `cursors`, of page
`versions` to list new comments since, of `branches` and of `deep` comments. They are random, and
the same for the same data.
"""

import json
import sys
from random import Random
from typing import Any

TRIES = 4  # comments sampled for each slice, of which the deepest are `deep`


def main(number: int, slugs: list[str]) -> None:
    """Print the slices of each post."""
    import django

    django.setup()
    print(json.dumps({slug: slices(slug, number) for slug in slugs}))


def slices(slug: str, number: int) -> dict[str, list[Any]]:
    """Return slices of one post."""
    from comments.listing.cursors import TreeCursor
    from posts.models import Post

    post = Post.objects.get(slug=slug)
    found = samples(post, number * TRIES)
    branches = [row for row in found if row.reply_count] or found
    deep = sorted(found, key=lambda row: -row.depth)
    cursors = (TreeCursor(row.thread_published_at, row.thread_id, row.path) for row in found)
    return {
        "stances": [stance.key for stance in post.question.offered],
        "cursors": [str(cursor) for cursor in cursors][:number],
        "versions": [row.arrival for row in found][:number],
        "branches": [row.pk for row in branches][:number],
        "deep": [row.pk for row in deep][:number],
    }


def samples(post: Any, number: int) -> list[Any]:
    """Return random comments of `post`, found by id in the same time at any size."""
    from django.db.models import Max, Min

    from comments.models import Comment

    ids = Comment.objects.filter(post=post).aggregate(first=Min("pk"), last=Max("pk"))
    random = Random(post.slug)
    by_id = Comment.objects.filter(is_shown=True).defer("body", "body_html").order_by("pk")
    picked = (random.randint(ids["first"], ids["last"]) for _ in range(number))
    found = (by_id.filter(pk__gte=pk).first() for pk in picked)
    return [row for row in found if row and row.post_id == post.pk]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
