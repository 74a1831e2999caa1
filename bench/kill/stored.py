"""List stored replies and faults; run on the data of a site: `python -m bench.kill.stored SLUG`.

Prints JSON: `parents`, ids of comments that take replies; `replies`, form key and text of every
comment that a form sent; `faults`, the lines of `check_integrity`.
"""

import json
import sys
from typing import Any

DEEPEST_PARENT = 10  # levels, so that replies stay above the greatest stored depth


def main(slug: str) -> None:
    """Print the parents, the replies and the faults of the post `slug`."""
    import django

    django.setup()
    print(json.dumps(stored(slug)))


def stored(slug: str) -> dict[str, Any]:
    """Return the parents, the replies and the faults."""
    from comments.integrity import faults, no_statement_timeout
    from comments.models import Comment

    comments = Comment.objects.filter(post__slug=slug).order_by("pk")
    replies = comments.filter(author__handle__startswith="bench-").values_list("form_key", "body")
    open_ones = comments.readable().filter(depth__lte=DEEPEST_PARENT, thread__locked_at=None)
    with no_statement_timeout():
        return {
            "parents": list(open_ones.values_list("pk", flat=True)[:100]),
            "replies": [(str(key), body) for key, body in replies],
            "faults": [str(fault) for fault in faults()],
        }


if __name__ == "__main__":
    main(sys.argv[1])
