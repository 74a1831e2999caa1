"""Publish posts and fill their discussions; run on the data of a site:
`python -m bench.harness.fill ARTICLE AUTHOR SLUG=COMMENTS…`. Django starts once for many posts.
"""

import logging
import sys

# To whatever question the text ends in.
ANSWERS = "Different; Same; Overlap"


def main(article: str, author: str, wanted: list[str]) -> None:
    """Publish the text of the file `article` under each slug, and fill its discussion."""
    import django

    django.setup()
    logging.disable(logging.INFO)  # a line for each published post would hide the figures
    from django.core.management import call_command

    for each in wanted:
        slug, _equals, comments = each.partition("=")
        how = {"author": author, "slug": slug, "publish": True, "again": True}
        call_command("publish", article, answers=ANSWERS, **how)
        call_command("generate_discussion", slug, comments=int(comments))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
