"""Generate a realistic discussion in bulk, for trials and measurements.

Comments are written in batches, each one transaction that keeps every derived figure correct. The
form key of its first comment identifies a batch, so a stopped run can be repeated. Memory holds one
batch and eight bytes per reader.
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

# Comments per transaction: many enough for speed, few enough that other writers wait briefly.
BATCH = 5_000
# On average; with more comments than that for `MAX_READERS` readers, each writes more.
COMMENTS_PER_READER = 8
# More people than in any real discussion.
MAX_READERS = 100_000
NAMES = (
    "ada ben cleo dina emre fay gus hana ivan jude kofi lena mara noor olek pia ravi tove yan zoe"
)


@dataclass
class GeneratedDiscussion:
    """A discussion of `count` comments under the published `post`, dated until `now`.

    The same post, `seed` and `count` give the same discussion.
    """

    post: Post
    count: int
    seed: int
    now: datetime

    def write(self) -> Iterator[int]:
        """Write the missing batches; yield how many comments each added, 0 for an existing one."""
        texts = text.rendered(Random(f"texts {self.seed}"))
        # Created before the first transaction, so that no writer waits for so many accounts.
        assert self.readers
        with large_cache():
            for number, start in enumerate(range(0, self.count, BATCH)):
                size = min(BATCH, self.count - start)
                with transaction.atomic():
                    added = CommentBatch(self, number, start, size, texts).write()
                yield added

    def key(self, number: int) -> UUID:
        """Return the form key of the first comment of the batch `number`."""
        return uuid5(NAMESPACE_URL, f"{self.post.pk} {self.seed} {self.count} {number}")

    def opener(self, number: int) -> int:
        """Return the id of the account that writes the first comment of the batch `number`."""
        return self.readers[number % len(self.readers)]

    @cached_property
    def readers(self) -> "array[int]":
        """The ids of the writers' accounts, created if missing; nobody can sign in to them."""
        number = min(max(2, self.count // COMMENTS_PER_READER), MAX_READERS)
        names = NAMES.split()
        handles = [f"{names[i % len(names)]}-{self.seed}-{i:05}" for i in range(number)]
        found: array[int] = array("q")
        for start in range(0, number, BATCH):
            found.extend(_accounts(handles[start : start + BATCH], self.joined_at))
        return found

    @cached_property
    def question(self) -> Question | None:
        """The question of the post, or None."""
        return Question.objects.select_related("version").filter(post=self.post).first()

    @cached_property
    def stances(self) -> list[Stance]:
        """The answers that readers can choose."""
        return self.question.offered if self.question else []

    @property
    def joined_at(self) -> datetime:
        """When the writers joined: 30 days before the discussion begins."""
        return self.begins - timedelta(days=30)

    @property
    def begins(self) -> datetime:
        """When the discussion begins: the publication of the post."""
        return self.post.published_at or self.now

    def time_of(self, position: int) -> datetime:
        """Return the time of the comment at `position`: all are spread evenly until `now`."""
        return self.begins + (self.now - self.begins) * ((position + 1) / (self.count + 1))


def _accounts(handles: list[str], joined_at: datetime) -> list[int]:
    """Return the ids of the demonstration accounts with `handles`, created if missing.

    A handle that another person uses is skipped.
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
