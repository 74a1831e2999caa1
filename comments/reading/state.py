"""Read what is new to a reader on the page of a post, and what they saved there.

These are columns of a query that the page makes anyway: a signed-in page costs no query for them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, F, Subquery, TextField, Value, When
from django.db.models.functions import Cast

from core import limits
from core.db.joined import JoinedTexts, texts_of
from posts.models import SavedItem, SavedKind, Visit

from ..models import Comment
from ..tree import paths

# Columns that `columns` returns.
COLUMNS = 3
# What one reader saved under one post: those beyond it are on the reader's list alone.
_SAVED_ON_PAGE = 500


class ReadingState(NamedTuple):
    """What one reader has read of a discussion, and saved of its page.

    `known` is the page version up to which nothing is new, None for readers of whom no visit is
    known. `news` are the paths of new comments, `NEWS_COUNTED` and one more at most. `saved` has
    "post" for the article and ids of comments, as texts.
    """

    known: int | None = None
    news: tuple[str, ...] = ()
    saved: frozenset[str] = frozenset()

    @classmethod
    def of(cls, row: Sequence[Any]) -> "ReadingState":
        """Return the state in the values of `columns`."""
        known, news, saved = row
        return cls(known, tuple(sorted(texts_of(news))), frozenset(texts_of(saved)))

    def is_new(self, arrival: int | None) -> bool:
        """Return whether a comment with this `Comment.arrival` came since the last visit."""
        return self.known is not None and arrival is not None and arrival > self.known

    def new_below(self, path: str) -> int:
        """Return how many of `news` are replies below the comment at `path`."""
        return sum(new.startswith(path) and new != path for new in self.news)

    def new_behind(self, path: str) -> int:
        """Return how many of `news` follow the comment at `path` in its thread."""
        thread = path[: paths.WIDTH]
        return sum(new.startswith(thread) and new > path for new in self.news)

    def has_saved(self, comment: int) -> bool:
        """Return whether the reader saved the comment with the id `comment`."""
        return str(comment) in self.saved


NOTHING = ReadingState()


def visit_ended(now: datetime) -> datetime:
    """Return the time before which a visit has ended by `now` that nothing was read in since."""
    return now - timedelta(seconds=limits.VISIT_ENDS)


def columns(reader: int, post: int, ended: datetime) -> list[Any]:
    """Return the columns for a `ReadingState`; `ended` is what `visit_ended` says."""
    return [_known(reader, post, ended), _news(reader, post, ended), _saved(reader, post)]


def _known(reader: int, post: int, ended: datetime) -> Subquery:
    """Return a column with the version up to which nothing is new in the present visit."""
    visits = Visit.objects.filter(reader=reader, post=post).order_by()
    known = Case(When(seen_at__gt=ended, then=F("before")), default=F("seen"))
    return Subquery(visits.values(known=known))


def _news(reader: int, post: int, ended: datetime) -> JoinedTexts:
    """Return a column with the paths of new comments of others that everyone may read."""
    new = Comment.objects.filter(post=post, arrival__gt=_known(reader, post, ended)).readable()
    new = new.exclude(author=reader).order_by("arrival", "id")
    joined = Cast("path", TextField())
    return JoinedTexts(new.values(joined=joined)[: limits.NEWS_COUNTED + 1])


def _saved(reader: int, post: int) -> JoinedTexts:
    """Return a column with what the reader saved on the page of the post."""
    is_post = When(kind=SavedKind.POST, then=Value(SavedKind.POST.value))
    joined = Case(is_post, default=Cast("target_id", TextField()), output_field=TextField())
    saved = SavedItem.objects.filter(reader=reader, post=post).order_by()
    return JoinedTexts(saved.values(joined=joined)[:_SAVED_ON_PAGE])
