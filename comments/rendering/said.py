"""Choose what readers said lately, for the front page: a comment for each answer of a discussion.

The choice was made and stored when the discussion was ranked, from the marks of settled readers
(`ranking.first_screen`). Here the comments are only read, so that none shows that is gone since.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from core.markdown.html import plain
from posts.models import Post

from ..analytics import minimums
from ..models import Comment
from ..ranking.first_screen import Why
from ..ranking.stored_columns import FrontPage, SidesByAnswer

# Characters: two or three lines beside the series, enough to want the rest.
BEGINNING = 180
# Readers of so many answers have to find a comment well argued: it is not praise of one side.
SIDES = 2


class Said(NamedTuple):
    """A comment, its beginning as plain text, and the post under which it stands."""

    comment: Comment
    text: str
    post: Post


def said_lately(posts: Sequence[Post]) -> list[Said]:
    """Return the best argued comment of each answer under the newest of `posts` that has several.

    `posts` are in order, the newest first, with their questions. One query; posts that hide how
    readers answer are passed over.
    """
    chosen = [pk for post in posts for pk in _strongest(post)]
    found = _across_answers(chosen) if chosen else {}
    for post in posts:
        comments = found.get(post.pk, [])
        if len(comments) >= SIDES:
            return [Said(each, plain(each.body_html, BEGINNING), post) for each in comments]
    return []


def _strongest(post: Post) -> list[int]:
    """Return the ids of the strongest comments for the answers to `post`, as they were stored."""
    question = post.question_or_none
    front = FrontPage.parse(post.front)
    if front is None or question is None or not question.shows_totals_to_all:
        return []
    if not minimums.show_counts(question.answer_count):
        return []
    return [pk for pk, place in front.places.items() if place.why == Why.STRONGEST]


def _across_answers(chosen: Sequence[int]) -> dict[int, list[Comment]]:
    """Return those of `chosen` that readers of several answers mark, by post, one an answer."""
    rows = Comment.objects.citable().filter(pk__in=chosen).order_by("stance__position")
    found: dict[int, list[Comment]] = defaultdict(list)
    for comment in rows.select_related("author", "stance", "appraisal"):
        sides = SidesByAnswer.parse(comment.appraisal.sides).values()
        if sum(side.approvals > 0 for side in sides) >= SIDES:
            found[comment.post_id].append(comment)
    return found
