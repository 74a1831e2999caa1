"""A realistic discussion in bulk, to try the site with and to measure it.

Comments come in batches, each one transaction that leaves every derived figure right. A batch can
be told from its first comment, so a run that was stopped goes on where it was. Whatever the size,
memory holds one batch, and eight bytes for each of the readers.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from core.db.bulk import large_cache
from core.text import skeleton
from posts.models import Post, Question, Stance

from . import text
from .batch import CommentBatch

# Large enough to be fast, small enough that nobody who writes meanwhile waits for long.
BATCH = 5_000
COMMENTS_PER_READER = 8
# More people than that in one discussion no site has seen; from then on everyone writes more.
MOST_READERS = 100_000
NAMES = (
    "ada ben cleo dina emre fay gus hana ivan jude kofi lena mara noor olek pia ravi tove yan zoe"
)


@dataclass
class GeneratedDiscussion:
    """What to generate: `count` comments under the published `post`, from `seed`, up to `now`."""

    post: Post
    count: int
    seed: int
    now: datetime

    def write(self) -> Iterator[int]:
        """Write what is not there yet; yield how many comments each batch added."""
        texts = text.rendered(Random(f"texts {self.seed}"))
        # Made before the first batch begins, so that nobody waits for so many accounts.
        assert self.readers
        with large_cache():
            for number, start in enumerate(range(0, self.count, BATCH)):
                size = min(BATCH, self.count - start)
                with transaction.atomic():
                    added = CommentBatch(self, number, start, size, texts).write()
                yield added

    def key(self, number: int) -> UUID:
        """Return the form key by which the first comment of a batch is told."""
        return uuid5(NAMESPACE_URL, f"{self.post.pk} {self.seed} {self.count} {number}")

    def opener(self, number: int) -> int:
        """Return the account that writes the first comment of a batch."""
        return self.readers[number % len(self.readers)]

    @cached_property
    def readers(self) -> "array[int]":
        """Who writes, by id: accounts made for this, in one order; nobody can sign in to them."""
        number = min(max(2, self.count // COMMENTS_PER_READER), MOST_READERS)
        names = NAMES.split()
        handles = [f"{names[i % len(names)]}-{self.seed}-{i:05}" for i in range(number)]
        found: array[int] = array("q")
        for start in range(0, number, BATCH):
            found.extend(_accounts(handles[start : start + BATCH], self.joined_at))
        return found

    @cached_property
    def question(self) -> Question | None:
        """What the post asks, or None."""
        return Question.objects.select_related("version").filter(post=self.post).first()

    @cached_property
    def stances(self) -> list[Stance]:
        """The answers on offer."""
        return self.question.offered if self.question else []

    @property
    def joined_at(self) -> datetime:
        """When the readers joined."""
        return self.begins - timedelta(days=30)

    @property
    def begins(self) -> datetime:
        """When the first comment may have been written."""
        return self.post.published_at or self.now

    def moment(self, place: int) -> datetime:
        """Return the time of the comment at `place`: all spread evenly until now."""
        return self.begins + (self.now - self.begins) * ((place + 1) / (self.count + 1))


def _accounts(handles: list[str], joined_at: datetime) -> list[int]:
    """Return the demonstration accounts with these handles, made where they are missing.

    A handle that somebody else has is left to them.
    """
    made = [
        User(
            handle=handle,
            handle_skeleton=skeleton(handle),
            password=make_password(None),
            is_demo=True,
            joined_at=joined_at,
        )
        for handle in handles
    ]
    User.objects.bulk_create(made, ignore_conflicts=True)
    found = User.objects.filter(handle__in=handles, is_demo=True, email__isnull=True)
    return list(found.order_by("pk").values_list("pk", flat=True))
