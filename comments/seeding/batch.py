"""One batch of a generated discussion: new threads, and replies to one long thread."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F

from accounts.models import User
from core.db.bulk import BulkInsert, adapt_time
from core.markdown.html import PIPELINE_VERSION
from posts.models import Post, Stance

from ..actions import discussions
from ..locks import lock_thread, next_ids
from ..models import (
    MAX_DEPTH,
    Comment,
    CommentState,
    CurrentStance,
    SeenTotals,
    StanceRecord,
    StanceSource,
)
from .tree import GeneratedPlace, GeneratedTree

if TYPE_CHECKING:
    from .generator import GeneratedDiscussion

# Probability that a writer changes their answer in a batch.
CHANGE_OF_MIND = 0.05
# One long thread spans ten batches and gets 3 to 16 % of each: some have thousands of comments.
LONG_THREAD_BATCHES = 10
LONG_THREAD_SHARE = (0.03, 0.16)
# Comments of the long thread kept in memory from earlier batches, the newest, to be replied to.
LONG_THREAD_REMEMBERED = 1_000

COLUMNS = (
    *("id", "post_id", "parent_id", "author_id", "stance_id", "question_version_id"),
    *("body", "body_html", "markup_version", "form_key", "thread_id", "path", "depth", "state"),
    *("created_at", "published_at", "thread_published_at", "is_shown"),
    *("reply_count", "thread_size", "arrival"),
)


class CommentBatch:
    """A batch of comments of a generated discussion, written in one transaction."""

    def __init__(
        self,
        discussion: "GeneratedDiscussion",
        number: int,
        start: int,
        size: int,
        texts: list[tuple[str, str]],
    ) -> None:
        """Prepare the batch `number`: `size` comments, the first at position `start`."""
        self.discussion = discussion
        self.number = number
        self.start = start
        self.size = size
        self.texts = texts
        self.random = Random(f"{discussion.seed} {discussion.count} {number}")
        self.stance_of: dict[int, Stance] = {}
        # Each writer's current record and its stance, as ids.
        self.current: dict[int, tuple[int, int | None]] = {}
        self.counted: dict[int, bool] = {}

    def write(self) -> int:
        """Write the batch unless it exists; return how many comments were added.

        Raises `DiscussionClosed` if the discussion was closed in the meantime.
        """
        if self._first_comment(self.number).exists():
            return 0
        writers = self._writers()
        self._choose_stances(writers)
        earlier = self._long_thread()
        places = self._tree(list(earlier)).grow(self._ids_and_times())
        _count_replies(earlier)
        self._record(places, writers)
        discussions.add_comment(self.discussion.post, self.size)
        BulkInsert(Comment, COLUMNS).write(self._rows(places, writers, self._arrival()))
        return self.size

    def _first_comment(self, number: int) -> Any:
        """Return the query of the first comment of a batch."""
        return Comment.objects.filter(
            author=self.discussion.opener(number), form_key=self.discussion.key(number)
        )

    def _writers(self) -> list[int]:
        """Return the account of the writer of each comment, locked; a few accounts write often."""
        readers = self.discussion.readers
        chosen = [int(len(readers) * self.random.random() ** 2) for _ in range(self.size)]
        writers = [self.discussion.opener(self.number), *(readers[i] for i in chosen[1:])]
        locked = User.objects.order_by("pk").select_for_update(no_key=True)
        rows = locked.filter(pk__in=set(writers)).values_list("pk", "banned_at", "erased_at")
        self.counted = {pk: banned is None and erased is None for pk, banned, erased in rows}
        return writers

    def _choose_stances(self, writers: list[int]) -> None:
        """Choose the answer of each writer in this batch, mostly the same as before."""
        if not self.discussion.stances:
            return
        rows = CurrentStance.objects.filter(
            question=self.discussion.question, reader__in=set(writers)
        )
        self.current = {
            reader: (record, stance)
            for reader, record, stance in rows.values_list("reader", "record", "stance")
        }
        by_id = {stance.pk: stance for stance in self.discussion.stances}
        weights = [1 + 1 / (i + 1) for i in range(len(by_id))]
        for writer in writers:
            if writer not in self.stance_of:
                _record, before = self.current.get(writer, (0, None))
                stance = by_id.get(before or 0)
                if stance is None or self.random.random() < CHANGE_OF_MIND:
                    stance = self.random.choices(self.discussion.stances, weights)[0]
                self.stance_of[writer] = stance

    def _tree(self, long_thread: list[GeneratedPlace]) -> GeneratedTree:
        """Return the tree to grow; all batches of one long thread give it the same share."""
        group = Random(f"{self.discussion.seed} long {self.number // LONG_THREAD_BATCHES}")
        return GeneratedTree(self.random, long_thread, group.uniform(*LONG_THREAD_SHARE), MAX_DEPTH)

    def _long_thread(self) -> list[GeneratedPlace]:
        """Return the comments of the long thread that may get replies, its locked root first.

        The list is empty if this batch begins a new long thread.
        """
        first = self.number - self.number % LONG_THREAD_BATCHES
        if first == self.number:
            return []
        row = lock_thread(self._first_comment(first).get().pk)
        root = GeneratedPlace(
            row.pk, row.path, 0, adapt_time(row.published_at or row.created_at), None, None
        )
        replies = Comment.objects.filter(thread=row, depth__gt=0).order_by("-id")
        newest = replies.values_list("pk", "path", "depth")[:LONG_THREAD_REMEMBERED]
        return [root, *(GeneratedPlace(*place, None, None, root) for place in reversed(newest))]

    def _ids_and_times(self) -> Iterator[tuple[int, Any]]:
        """Yield the id and the time, as stored, of each comment of the batch."""
        for position, row_id in enumerate(next_ids(self.size), self.start):
            yield row_id, adapt_time(self.discussion.time_of(position))

    def _arrival(self) -> int:
        """Return the present page version of the post."""
        return Post.objects.values_list("page_version", flat=True).get(pk=self.discussion.post.pk)

    def _rows(
        self, places: list[GeneratedPlace], writers: list[int], arrival: int
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows to insert, in the order of `COLUMNS`."""
        post, question = self.discussion.post.pk, self.discussion.question
        version = question.version_id if question and self.discussion.stances else None
        key_field = Comment._meta.get_field("form_key")
        form_key = key_field.get_db_prep_save(self.discussion.key(self.number), connection)
        for place, writer in zip(places, writers, strict=True):
            body, body_html = self.random.choice(self.texts)
            stance = self.stance_of.get(writer)
            yield (
                *(place.pk, post, place.parent and place.parent.pk, writer),
                *(stance and stance.pk, version, body, body_html, PIPELINE_VERSION, form_key),
                *(place.thread.pk, place.path, place.depth, CommentState.PUBLISHED.value),
                *(place.written_at, place.written_at, place.thread.written_at, True),
                *(place.replies, place.size, arrival),
            )
            form_key = None

    def _record(self, places: list[GeneratedPlace], writers: list[int]) -> None:
        """Write the stance records of new answers, current stances and answer counts."""
        records = StanceRecord.objects.bulk_create(list(self._records(places, writers)))
        CurrentStance.objects.bulk_create(
            [
                CurrentStance(
                    question_id=record.question_id,
                    reader_id=record.reader_id,
                    record=record,
                    stance_id=record.stance_id,
                )
                for record in records
            ],
            update_conflicts=True,
            unique_fields=["question", "reader"],
            update_fields=["record", "stance"],
        )
        changes: Counter[int | None] = Counter()
        for record in records:
            if self.counted[record.reader_id]:
                changes[record.stance_id] += 1
                changes[self.current.get(record.reader_id, (0, None))[1]] -= 1
        for stance in Stance.objects.filter(pk__in=[pk for pk in changes if pk]).order_by("pk"):
            stance.count_answers(changes[stance.pk])

    def _records(self, places: list[GeneratedPlace], writers: list[int]) -> Iterator[StanceRecord]:
        """Yield a record for each writer's first comment in the batch that changes their answer."""
        question = self.discussion.question
        if question is None or question.version_id is None:
            return
        waiting = dict(self.stance_of)
        for index, (place, writer) in enumerate(zip(places, writers, strict=True)):
            stance = waiting.pop(writer, None)
            record, before = self.current.get(writer, (None, None))
            if stance is None or stance.pk == before:
                continue
            yield StanceRecord(
                reader_id=writer,
                question=question,
                version_id=question.version_id,
                stance=stance,
                source=StanceSource.COMMENT,
                comment_id=place.pk,
                seen_totals=SeenTotals.UNKNOWN,
                supersedes_id=record,
                recorded_at=self.discussion.time_of(self.start + index),
            )


def _count_replies(earlier: list[GeneratedPlace]) -> None:
    """Add the new replies to the counts of comments of earlier batches."""
    for place in earlier:
        if place.replies or place.size:
            Comment.objects.filter(pk=place.pk).update(
                reply_count=F("reply_count") + place.replies,
                thread_size=F("thread_size") + place.size,
            )
