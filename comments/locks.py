"""Locks of the rows that writers of one discussion change, and ids reserved for new comments.

Locks are always taken in the same order, so that writers cannot deadlock: the writer's account,
the root of the thread, the post. SQLite has one lock for all writers, taken when the transaction
begins; there the locking reads are plain reads. Comments are locked without their texts, since not
everybody who writes below a comment may read it.
"""

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from core.db.prepared import Prepared

from .models import Comment


def next_ids(count: int) -> list[int]:
    """Return `count` ids for new comments; call it in the transaction that inserts them."""
    table = Comment._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [int(row[0]) for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = int(row[0]) if row else 0
        return list(range(last + 1, last + 1 + count))


def lock_person(person: User) -> User:
    """Return the account, reloaded and locked until the transaction ends.

    Raises `User.DoesNotExist`.
    """
    found: list[User] = _PERSON.objects(pk=person.pk)
    if not found:
        raise User.DoesNotExist
    return found[0]


_PERSON = Prepared(
    lambda pk: User.objects.select_for_update(no_key=True).filter(pk=pk).order_by(), pk=int
)


def lock_thread(thread_id: int) -> Comment:
    """Return the root of the thread, locked until the transaction ends, without its text.

    Raises `Comment.DoesNotExist`.
    """
    return Comment.textless.select_for_update(no_key=True).get(pk=thread_id)


def lock_alone(comment: Comment) -> Comment:
    """Return `comment`, reloaded and locked, for writes of its own figures only.

    Its post stays loaded. Raises `Comment.DoesNotExist`.
    """
    found: list[Comment] = _ALONE.objects(pk=comment.pk)
    if not found:
        raise Comment.DoesNotExist
    found[0].post = comment.post
    return found[0]


_ALONE = Prepared(
    lambda pk: Comment.textless.select_for_update(no_key=True).filter(pk=pk).order_by(), pk=int
)


def lock_thread_and(comment: Comment) -> tuple[Comment, Comment]:
    """Return (root of the thread, comment) for `comment`, both reloaded and locked, without texts.

    If its branch was moved since `comment` was read, the root is that of the new thread. Raises
    `Comment.DoesNotExist`.
    """
    found = {row.pk: row for row in _PAIR.objects(root=comment.thread_id, comment=comment.pk)}
    if comment.pk not in found:
        raise Comment.DoesNotExist
    fresh = found[comment.pk]
    if fresh.thread_id not in found:
        return lock_thread(fresh.thread_id), Comment.textless.get(pk=comment.pk)
    return found[fresh.thread_id], fresh


def _pair(root: int, comment: int) -> QuerySet[Comment]:
    both = Comment.textless.filter(pk__in=[root, comment])
    return both.order_by("pk").select_for_update(no_key=True)


_PAIR = Prepared(_pair, root=int, comment=int)
