"""A realistic discussion in bulk, to try the site with and to measure it.

Comments come in batches of whole threads. Each batch is one transaction that leaves every derived
figure right. It can be told from its first comment, so a run that was stopped goes on where it was.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from core.markup import PIPELINE_VERSION
from core.text import skeleton
from posts.models import Post, Question, Stance

from . import generated_text, paths
from .models import (
    MAX_DEPTH,
    Comment,
    CommentState,
    CurrentStance,
    SeenTotals,
    StanceRecord,
    StanceSource,
)
from .rows import next_ids

# Large enough to be fast, small enough that nobody who writes meanwhile waits for long.
BATCH = 2_000
ROOT_SHARE = 0.3
COMMENTS_PER_READER = 8
# Of every ten replies, so many go on with what was just said; they are what makes threads deep.
REPLIES_TO_THE_NEWEST = 0.65
NEWEST = 8
CHANGE_OF_MIND = 0.05
NAMES = (
    "ada ben cleo dina emre fay gus hana ivan jude kofi lena mara noor olek pia ravi tove yan zoe"
)


@dataclass
class Discussion:
    """What to generate: `count` comments under the published `post`, from `seed`, up to `now`."""

    post: Post
    count: int
    seed: int
    now: datetime

    def write(self) -> Iterator[int]:
        """Write what is not there yet; yield how many comments each batch added."""
        texts = generated_text.rendered(Random(f"texts {self.seed}"))
        for number, start in enumerate(range(0, self.count, BATCH)):
            size = min(BATCH, self.count - start)
            with transaction.atomic():
                added = Batch(self, number, start, size, texts).write()
            yield added

    @cached_property
    def readers(self) -> list[User]:
        """Who writes: accounts made for this, in one order; nobody can sign in to them."""
        number = max(2, self.count // COMMENTS_PER_READER)
        names = NAMES.split()
        handles = [f"{names[i % len(names)]}-{self.seed}-{i:05}" for i in range(number)]
        found: list[User] = []
        for start in range(0, number, BATCH):
            found += _accounts(handles[start : start + BATCH], self.begins - timedelta(days=30))
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
    def begins(self) -> datetime:
        """When the first comment may have been written."""
        return self.post.published_at or self.now

    def moment(self, place: int) -> datetime:
        """Return the time of the comment at `place`: all spread evenly until now."""
        return self.begins + (self.now - self.begins) * ((place + 1) / (self.count + 1))


class Batch:
    """Some comments of a discussion, whole threads, written in one transaction."""

    def __init__(
        self, whole: Discussion, number: int, start: int, size: int, texts: list[tuple[str, str]]
    ) -> None:
        self.whole = whole
        self.start = start
        self.size = size
        self.texts = texts
        self.random = Random(f"{whole.seed} {whole.count} {number}")
        self.key = uuid5(NAMESPACE_URL, f"{whole.post.pk} {whole.seed} {whole.count} {number}")
        self.opener = whole.readers[number % len(whole.readers)]
        self.stance_of: dict[int, Stance] = {}
        self.current: dict[int, CurrentStance] = {}

    def write(self) -> int:
        """Write the batch unless it is there; return how many comments were added."""
        if Comment.objects.filter(author=self.opener, form_key=self.key).exists():
            return 0
        writers = self._writers()
        self._settle_stances(writers)
        comments = self._comments(writers)
        Comment.objects.bulk_create(comments)
        self._record(comments, {writer.pk: writer for writer in writers})
        self.whole.post.move_page(comments=len(comments))
        return len(comments)

    def _writers(self) -> list[User]:
        """Return a writer for each place, a few of them often, their accounts locked."""
        readers = self.whole.readers
        chosen = [int(len(readers) * self.random.random() ** 2) for _ in range(self.size)]
        ids = {self.opener.pk, *(readers[i].pk for i in chosen)}
        rows = User.objects.order_by("pk").select_for_update(no_key=True).filter(pk__in=ids)
        locked = {row.pk: row for row in rows}
        return [locked[self.opener.pk], *(locked[readers[i].pk] for i in chosen[1:])]

    def _settle_stances(self, writers: list[User]) -> None:
        """Decide what each writer answers in this batch: mostly what they answered before."""
        if not self.whole.stances:
            return
        question = self.whole.question
        rows = CurrentStance.objects.filter(question=question, reader__in=set(writers))
        self.current = {row.reader_id: row for row in rows.select_related("record")}
        by_id = {stance.pk: stance for stance in self.whole.stances}
        weights = [1 + 1 / (i + 1) for i in range(len(by_id))]
        for writer in writers:
            if writer.pk not in self.stance_of:
                before = self.current.get(writer.pk)
                stance = by_id.get(before.stance_id or 0) if before else None
                if stance is None or self.random.random() < CHANGE_OF_MIND:
                    stance = self.random.choices(self.whole.stances, weights)[0]
                self.stance_of[writer.pk] = stance

    def _comments(self, writers: list[User]) -> list[Comment]:
        rows: list[Comment] = []
        by_id: dict[int, Comment] = {}
        for place, row_id in enumerate(next_ids(self.size)):
            parent = self._parent(rows)
            row = self._comment(row_id, parent, writers[place], self.start + place)
            rows.append(row)
            by_id[row_id] = row
            if parent is not None:
                parent.reply_count += 1
                by_id[row.thread_id].thread_size += 1
        rows[0].form_key = self.key
        return rows

    def _parent(self, rows: list[Comment]) -> Comment | None:
        if not rows or self.random.random() < ROOT_SHARE:
            return None
        near = self.random.random() < REPLIES_TO_THE_NEWEST
        parent = self.random.choice(rows[-NEWEST:] if near else rows)
        return parent if parent.depth < MAX_DEPTH else None

    def _comment(self, row_id: int, parent: Comment | None, author: User, place: int) -> Comment:
        moment = self.whole.moment(place)
        body, body_html = self.random.choice(self.texts)
        stance = self.stance_of.get(author.pk)
        version = self.whole.question.version_id if self.whole.question and stance else None
        return Comment(
            id=row_id,
            post_id=self.whole.post.pk,
            parent_id=parent.pk if parent else None,
            author_id=author.pk,
            stance_id=stance.pk if stance else None,
            question_version_id=version,
            body=body,
            body_html=body_html,
            markup_version=PIPELINE_VERSION,
            thread_id=parent.thread_id if parent else row_id,
            path=paths.child(parent.path if parent else "", row_id),
            depth=parent.depth + 1 if parent else 0,
            state=CommentState.PUBLISHED,
            created_at=moment,
            published_at=moment,
            thread_published_at=parent.thread_published_at if parent else moment,
            is_shown=True,
        )

    def _record(self, comments: list[Comment], writers: dict[int, User]) -> None:
        """Write the stance records of those who answered anew, and what follows from them."""
        records = StanceRecord.objects.bulk_create(list(self._records(comments)))
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
        moves: Counter[int | None] = Counter()
        for record in records:
            if writers[record.reader_id].counts_in_totals:
                before = self.current.get(record.reader_id)
                moves[record.stance_id] += 1
                moves[before.stance_id if before else None] -= 1
        for stance in Stance.objects.filter(pk__in=[pk for pk in moves if pk]).order_by("pk"):
            stance.count_answers(moves[stance.pk])

    def _records(self, comments: list[Comment]) -> Iterator[StanceRecord]:
        seen: set[int] = set()
        for comment in comments:
            before = self.current.get(comment.author_id)
            stands = before.stance_id if before else None
            if comment.author_id in seen or comment.stance_id == stands:
                continue
            seen.add(comment.author_id)
            assert comment.question_version_id
            assert comment.published_at
            yield StanceRecord(
                reader_id=comment.author_id,
                question=self.whole.question,
                version_id=comment.question_version_id,
                stance_id=comment.stance_id,
                source=StanceSource.COMMENT,
                comment_id=comment.pk,
                seen_totals=SeenTotals.UNKNOWN,
                supersedes=before.record if before else None,
                recorded_at=comment.published_at,
            )


def _accounts(handles: list[str], joined_at: datetime) -> list[User]:
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
    return list(found.order_by("pk"))
