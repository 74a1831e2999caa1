"""Repairs of derived figures, recomputed from the rows they are derived from.

Each function is one transaction over a batch of keys and takes its locks in the order of all
writers: the account, the root of the thread, the post. It changes only wrong figures, so a run that
was stopped can be repeated. The answer history is never changed.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.naming import rules
from posts.models import Post, Question, SealedAnswer, Stance, StanceWording

from ..actions import arrivals, branches, reactions, stances, steelmen
from ..closings import judging
from ..models import (
    MAX_DEPTH,
    BranchMove,
    Closing,
    Comment,
    CurrentStance,
    Decision,
    StanceRecord,
)
from ..models.moderation import Action
from ..ranking import moved_minds, tasks
from .faults import Repair


@transaction.atomic
def _recount_comments(ids: Sequence[int]) -> list[str]:
    """Recount the replies of comments and show or hide them, with any ancestors this affects."""
    _lock_threads(ids)
    lines = [line for pk in sorted(set(ids), reverse=True) for line in _corrected(pk)]
    _bump_page_versions(comments__in=ids)
    return lines


def _corrected(pk: int) -> Iterator[str]:
    """Correct one comment, then its parent if `is_shown` has changed; yield a line per change."""
    for _step in range(MAX_DEPTH + 1):
        node = Comment.objects.get(pk=pk)
        count = node.replies.filter(is_shown=True).count()
        was_shown = node.is_shown
        yield from _set(node, reply_count=count, is_shown=node.is_readable or count > 0)
        if node.is_shown == was_shown or node.parent_id is None:
            return
        pk = node.parent_id


@transaction.atomic
def _recount_threads(ids: Sequence[int]) -> list[str]:
    """Recount `thread_size`, the readable replies of a thread; it is 0 except at the root."""
    _lock_threads(ids)
    lines: list[str] = []
    for node in Comment.objects.filter(pk__in=ids).order_by("pk"):
        replies = Comment.objects.readable().filter(thread=node, depth__gt=0)
        lines += _set(node, thread_size=replies.count() if node.is_root else 0)
    _bump_page_versions(comments__in=ids)
    return lines


@transaction.atomic
def _copy_thread_dates(ids: Sequence[int]) -> list[str]:
    """Give comments the time at which the root of their thread was published."""
    _lock_threads(ids)
    lines: list[str] = []
    for node in Comment.objects.filter(pk__in=ids).select_related("thread").order_by("pk"):
        lines += _set(node, thread_published_at=node.thread.published_at)
    _bump_page_versions(comments__in=ids)
    return lines


@transaction.atomic
def _mark_as_new(ids: Sequence[int]) -> list[str]:
    """Set the arrival of comments to now, so that returning readers see them as new."""
    _lock_threads(ids)
    _bump_page_versions(comments__in=ids)
    for post in Post.objects.filter(comments__in=ids).distinct():
        comments = Comment.objects.for_post(post).filter(pk__in=ids)
        arrivals.mark(list(comments.values_list("pk", flat=True)), post)
    return [f"comment {pk}: it is new to everybody now" for pk in ids]


def _recounting(field: str, recount: Callable[[Comment], str]) -> Callable[[Sequence[int]], Any]:
    """Return a repair function that stores `recount(comment)` in `field` of comments."""

    @transaction.atomic
    def repair(ids: Sequence[int]) -> list[str]:
        _lock_threads(ids)
        lines: list[str] = []
        rows = Comment.objects.filter(pk__in=ids).order_by("pk")
        for node in rows.select_for_update(no_key=True):
            lines += _set(node, **{field: recount(node)})
        _bump_page_versions(comments__in=ids)
        return lines

    return repair


def _rank_again(ids: Sequence[int]) -> Iterator[str]:
    """Rank the discussions of appraised comments again."""
    for post in Post.objects.filter(appraisals__in=ids).distinct().order_by("pk"):
        tasks.rank(post)
        yield f"post {post.pk}: ranked again"


def _finish_moves(ids: Sequence[int]) -> Iterator[str]:
    """Finish moves of branches, in batches, each one transaction."""
    for move in BranchMove.objects.filter(pk__in=ids).select_related("top"):
        branches.to_the_end(partial(branches.move_some, move))
        yield f"comment {move.top_id}: all of its replies have been moved now"


@transaction.atomic
def _recount_posts(ids: Sequence[int]) -> list[str]:
    """Recount the readable comments under posts."""
    lines: list[str] = []
    for post in Post.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True):
        lines += _set(post, comment_count=Comment.objects.for_post(post).readable().count())
    _bump_page_versions(pk__in=ids)
    return lines


@transaction.atomic
def _close_as_logged(ids: Sequence[int]) -> list[str]:
    """Close or open the discussions of posts as the last decision about each says."""
    lines: list[str] = []
    for post in Post.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True):
        last = Decision.objects.filter(post=post).order_by("-pk").first()
        is_closed = last is not None and last.action == Action.CLOSE
        since, reason = (last.decided_at, last.reason) if last and is_closed else (None, "")
        lines += _set(post, closed_at=since, closed_reason=reason)
    _bump_page_versions(pk__in=ids)
    return lines


@transaction.atomic
def _recount_stances(ids: Sequence[int]) -> list[str]:
    """Recount the readers who currently hold stances."""
    lines: list[str] = []
    for stance in Stance.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True):
        lines += _set(stance, answer_count=stances.counted_readers(stance))
    _bump_page_versions(question__stances__in=ids)
    return lines


@transaction.atomic
def _recount_closings(ids: Sequence[int]) -> list[str]:
    """Recount the verdicts on closings."""
    lines: list[str] = []
    for post in Post.objects.filter(closings__in=ids).distinct().order_by("pk"):
        closings = Closing.objects.filter(post=post, pk__in=ids)
        judging.update_figures(judging.lock_post(post), closings)
        lines += [
            f"closing {each.pk}: recounted, it is {each.status} now" for each in closings.all()
        ]
    return lines


@transaction.atomic
def _store_summaries(ids: Sequence[int]) -> list[str]:
    """Store the summaries of posts' closings again."""
    for post in Post.objects.filter(pk__in=ids).order_by("pk"):
        judging.update_figures(judging.lock_post(post), ())
    return [f"post {pk}: its summary is that of its closing now" for pk in ids]


@transaction.atomic
def _follow_again(readers: Sequence[int]) -> list[str]:
    """Let the next round look at the verdicts of readers again."""
    CurrentStance.objects.filter(reader__in=readers).update(followed=0)
    return [f"reader {pk}: the next round looks at their verdicts" for pk in sorted(set(readers))]


def _set_current_stances(keys: Sequence[tuple[int, int]]) -> list[str]:
    """Set current stances from the ends of the histories; `keys` are (reader, question) ids."""
    _lock_people([reader for reader, _question in keys])
    lines = [line for key in sorted(set(keys)) for line in _set_current(*key)]
    _bump_page_versions(question__in=[question for _reader, question in keys])
    return lines


def _set_current(reader: int, question: int) -> Iterator[str]:
    """Set the current stance of one reader on one question; yield a line about the outcome."""
    key = {"reader": reader, "question": question}
    ends = list(StanceRecord.objects.filter(**key, superseded_by__isnull=True)[:2])
    what = f"reader {reader}, question {question}: current stance"
    if len(ends) > 1:
        yield f"{what} left as it is: the history has more than one end"
        return
    if not ends:
        CurrentStance.objects.filter(**key).delete()
        yield f"{what} deleted: there is no record"
        return
    now = {"record": ends[0], "stance_id": ends[0].stance_id}
    try:
        with transaction.atomic():
            CurrentStance.objects.update_or_create(
                reader_id=reader, question_id=question, defaults=now
            )
    except IntegrityError:
        yield f"{what} left for the next round: another reader's refers to the same record"
    else:
        yield f"{what} set from record {ends[0].pk}"


@transaction.atomic
def _record_given(keys: Sequence[tuple[int, int]]) -> list[str]:
    """Record what readers gave last as their answers; `keys` are (reader, question) ids."""
    lines: list[str] = []
    people = {person.pk: person for person in _lock_people([reader for reader, _q in keys])}
    questions = Question.objects.in_bulk([question for _reader, question in keys])
    for reader, question in sorted(set(keys)):
        now = timezone.now()
        record = stances.follow_comments(people[reader], questions[question], now=now)
        if record is not None:
            answer = record.stance_id or "none"
            lines.append(f"reader {reader}: their answer to question {question} is {answer} now")
    _bump_page_versions(question__in=list(questions))
    return lines


@transaction.atomic
def _record_openings(ids: Sequence[int]) -> list[str]:
    """Record opened sealed answers in the history of answers, dated when they opened."""
    lines: list[str] = []
    opened = SealedAnswer.objects.filter(pk__in=ids, opened_at__isnull=False)
    people = {person.pk: person for person in _lock_people(opened.values("author"))}
    for sealed in opened.select_related("stance", "question", "version").order_by("pk"):
        if sealed.opened_at and not people[sealed.author_id].stance_records.filter(
            question=sealed.question_id
        ):
            stances.record_sealed(sealed, people[sealed.author_id], sealed.opened_at)
            lines.append(f"sealed answer {sealed.pk}: it is recorded as an answer now")
    _bump_page_versions(question__sealed_answers__in=ids)
    return lines


@transaction.atomic
def _copy_wordings(ids: Sequence[int]) -> list[str]:
    """Copy word and meaning of stances from their question's current wording."""
    lines: list[str] = []
    for stance in Stance.objects.filter(pk__in=ids).select_related("question").order_by("pk"):
        wording = StanceWording.objects.get(version=stance.question.version_id, stance=stance)
        lines += _set(stance, word=wording.word, meaning=wording.meaning)
    return lines


@transaction.atomic
def _compute_handle_keys(ids: Sequence[int]) -> list[str]:
    """Compute the look-alike keys of handles again."""
    rules.lock()
    lines: list[str] = []
    for person in _lock_people(ids):
        try:
            with transaction.atomic():
                person.save(update_fields=["handle"])
        except IntegrityError:
            lines.append(
                f"user {person.pk}: left as it is, for somebody has a handle that looks like "
                f"{person.handle}; one of them needs another"
            )
        else:
            lines.append(f"user {person.pk}: the look-alike key is {person.handle_skeleton} now")
    return lines


@transaction.atomic
def _advance_sequence(_keys: Sequence[Any]) -> list[str]:
    """Set the id sequence to the highest id of a comment."""
    table = Comment._meta.db_table
    highest = Comment.objects.aggregate(highest=Max("pk"))["highest"] or 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, highest])
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [highest, table])
    return [f"comment {highest}: the next id is {highest + 1} now"]


def _lock_threads(ids: Sequence[int]) -> None:
    """Lock the roots of the threads of comments `ids`, in order of id."""
    roots = Comment.objects.filter(pk__in=ids).values("thread")
    list(Comment.objects.filter(pk__in=roots).order_by("pk").select_for_update(no_key=True))


def _lock_people(ids: Any) -> list[User]:
    """Return the accounts `ids`, locked in order of id."""
    people = User.objects.filter(pk__in=ids).order_by("pk")
    return list(people.select_for_update(no_key=True))


def _bump_page_versions(**which: Any) -> None:
    """Invalidate the cached pages of posts. Call last: writers wait for this lock."""
    for post in Post.objects.filter(**which).distinct().order_by("pk"):
        post.bump_page_version()


def _set(row: Any, **figures: Any) -> Iterator[str]:
    """Store `figures` in `row` where they differ; yield a line for each change."""
    changed = [field for field, value in figures.items() if getattr(row, field) != value]
    for field in changed:
        before, after = getattr(row, field), figures[field]
        yield f"{row._meta.verbose_name} {row.pk}: {field} was {before}, is {after} now"
        setattr(row, field, after)
    if changed:
        row.save(update_fields=changed)


COMMENTS = Repair("be recounted, together with the comments above it", _recount_comments)
THREADS = Repair("be recounted", _recount_threads)
DATES = Repair("be copied from the root of the thread", _copy_thread_dates)
MOVES = Repair("be finished in batches of replies", _finish_moves)
ARRIVALS = Repair("be marked as new for all returning readers", _mark_as_new)
TALLIES = Repair("be recounted from the reactions", _recounting("well_argued", reactions.recount))
MINDS = Repair(
    "be recounted from the changes of mind", _recounting("minds_moved", moved_minds.recount)
)
VERDICTS = Repair(
    "be recounted from the verdicts of readers", _recounting("verdicts", steelmen.recount)
)
LIFTS = Repair("be computed again, with all others of its post", _rank_again)
POSTS = Repair("be recounted; writers under that post wait meanwhile", _recount_posts)
CLOSURES = Repair("be taken from the log of decisions", _close_as_logged)
STANCES = Repair("be recounted; answers to that question wait meanwhile", _recount_stances)
CLOSINGS = Repair("be recounted from the verdicts", _recount_closings)
SUMMARIES = Repair("be computed from the newest version", _store_summaries)
FOLLOWED = Repair("be looked at by the next round", _follow_again)
CURRENT = Repair("be set from the end of the reader's history", _set_current_stances)
ANSWERS = Repair("be recorded as what the reader gave last", _record_given)
OPENINGS = Repair("be recorded with the time at which it opened", _record_openings)
WORDS = Repair("be taken from the question's wording", _copy_wordings)
HANDLES = Repair("be computed again from the handle", _compute_handle_keys)
SEQUENCE = Repair("continue after the highest id", _advance_sequence)
