"""Test queries compiled once: the same rows as from the ORM, with new values each time."""

import contextlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import KeptForm, User
from comments.models import Comment, CommentState
from core.db.prepared import (
    Prepared,
    PreparedDelete,
    PreparedInsert,
    PreparedUpdate,
    set_prefetched,
)
from posts.models import Post, Question, Stance
from tests.cast import Cast
from tests.factories import make_post

JOINED = datetime(2026, 3, 1, 12, 30, 15, 7, tzinfo=UTC)


def joined(prefix: str, since: datetime, least: int) -> object:
    people = User.objects.filter(handle__gte=prefix, joined_at__gt=since, pk__gte=least)
    return (
        people.filter(is_active=True, handle__contains="e")
        .order_by("pk")
        .values_list("pk", "handle")
    )


class PreparedTests(Cast):
    """One query with a text, a time and a number."""

    def setUp(self) -> None:
        self.built = 0

        def build(**values: object) -> object:
            self.built += 1
            return joined(**values)  # type: ignore[arg-type]

        self.prepared = Prepared(build, prefix=str, since=datetime, least=int)

    def test_rows_are_those_of_the_orm_for_all_values(self) -> None:
        now = timezone.now()
        for prefix in ("", "b", "reader", "100%", "'; --"):
            for since in (now - timedelta(days=8), now + timedelta(days=1)):
                for least in (0, self.author.pk):
                    values = {"prefix": prefix, "since": since, "least": least}
                    expected = list(joined(**values))  # type: ignore[call-overload, arg-type]
                    assert self.prepared.rows(**values) == expected, values
        assert self.prepared.rows(prefix="", since=now - timedelta(days=8), least=0)

    def test_it_is_built_once_and_asked_each_time(self) -> None:
        values = {"prefix": "", "since": timezone.now(), "least": 0}
        self.prepared.rows(**values)
        built = self.built
        with CaptureQueriesContext(connection) as queries:
            self.prepared.rows(**values)
            self.prepared.rows(**values)
        assert self.built == built
        assert len(queries) == 2

    def test_a_missing_value_is_refused(self) -> None:
        with self.assertRaises(KeyError):
            self.prepared.rows(prefix="", since=timezone.now())

    def test_constants_are_those_of_the_orm(self) -> None:
        texts = (
            "",
            "plain",
            "it's",
            "100%",
            "%s",
            "%%s",
            "%(pk)s",
            "back\\slash",
            '"',
            "; --",
            "é",
        )
        others = (0, 7, -1, True, False, Decimal("1.5"), JOINED, CommentState.HELD)
        for constant in (*texts, *others):
            with self.subTest(constant=constant):

                def build(pk: int, shown: object = constant) -> Any:
                    people = User.objects.filter(pk=pk).exclude(handle="50% of 'em")
                    columns = people.annotate(shown=Value(shown), twice=Value(shown))
                    return columns.values_list("pk", "shown", "twice")

                [(pk, shown, twice)] = Prepared(build, pk=int).rows(pk=self.reader.pk)
                assert pk == self.reader.pk
                assert shown == twice
                [expected] = build(self.reader.pk)
                if not isinstance(constant, datetime | Decimal):  # a column's converters read these
                    assert (pk, shown, twice) == expected

    def test_a_plain_constant_is_part_of_the_sql_and_a_value_never_is(self) -> None:
        """Let no value choose the index: SQLite would prepare the statement at each run."""
        held = Prepared(
            lambda post: Comment.objects.held().filter(post=post).values("pk"), post=int
        )
        statement = held._statement(connection)
        assert f"= '{CommentState.HELD.value}'" in statement.sql
        assert (statement.names, statement.constants) == (("post",), {})
        assert "%(post)s" in statement.sql


class ObjectTests(Cast):
    """Whole rows come as the ORM would make them."""

    def test_they_have_the_fields_and_the_related_objects_of_the_orm(self) -> None:
        prepared = Prepared(
            lambda post: Stance.objects.filter(question__post=post).select_related(
                "question__version"
            ),
            post=int,
        )
        expected = list(Stance.objects.filter(question__post=self.post))
        with self.assertNumQueries(1):
            found = prepared.objects(post=self.post.pk)
            words = {(stance.question.post_id, str(stance.question)) for stance in found}
        assert found == expected
        assert [vars(stance)["word"] for stance in found] == [row.word for row in expected]
        assert words == {(self.post.pk, "Are they different?")}

    def test_values_are_converted_and_nothing_is_shared(self) -> None:
        prepared = Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)
        (one,), (two,) = prepared.objects(pk=self.suspended.pk), prepared.objects(pk=self.reader.pk)
        assert one.suspended_until == self.suspended.suspended_until
        assert (one.is_demo, two.handle, two._state.adding) == (True, "robin", False)
        assert prepared.objects(pk=0) == []

    def test_a_locking_query_goes_to_the_primary(self) -> None:
        prepared = Prepared(lambda pk: User.objects.select_for_update().filter(pk=pk), pk=int)
        with patch("core.db.replicas.Router.db_for_read", side_effect=AssertionError):
            assert prepared.objects(pk=self.reader.pk) == [self.reader]

    def test_rows_kept_as_related_are_not_asked_for_again(self) -> None:
        question = Question.objects.get()
        set_prefetched(question, "stances", list(Stance.objects.filter(question=question)))
        with self.assertNumQueries(0):
            assert [stance.question for stance in question.stances.all()] == [question] * 3
            assert len(question.offered) == 3


class UpdateTests(Cast):
    """An UPDATE that is compiled once."""

    def test_it_changes_what_it_names_and_nothing_else(self) -> None:
        prepared = PreparedUpdate(
            lambda pk, more: (
                Post.objects.filter(pk=pk),
                {"comment_count": F("comment_count") + more},
            ),
            pk=int,
            more=int,
        )
        other = make_post(self.author)
        with self.assertNumQueries(3):
            for more in (3, 4, -1):
                prepared.run(pk=self.post.pk, more=more)
        self.post.refresh_from_db()
        other.refresh_from_db()
        assert (self.post.comment_count, other.comment_count) == (6, 0)

    def test_what_the_database_refuses_spoils_the_transaction_as_any_write(self) -> None:
        prepared = PreparedUpdate(
            lambda pk: (Post.objects.filter(pk=pk), {"comment_count": -1}), pk=int
        )
        with self.assertRaises(transaction.TransactionManagementError), transaction.atomic():
            with contextlib.suppress(IntegrityError):
                prepared.run(pk=self.post.pk)
            # On SQLite alone this query would still work.
            Post.objects.count()


@pytest.mark.django_db
def test_a_delete_ends_the_rows_of_its_values_alone() -> None:
    delete = PreparedDelete(
        lambda path, parent: KeptForm.objects.filter(path=path, parent=parent), path=str, parent=str
    )
    for path in ("/one/", "/one/", "/two/"):
        KeptForm.objects.create(path=path, parent="7", typed="{}")
    KeptForm.objects.create(path="/one/", typed="{}")
    assert delete.run(path="/one/", parent="8") == 0
    assert delete.run(path="/one/", parent="7") == 2
    left = KeptForm.objects.order_by("path").values_list("path", "parent")
    assert list(left) == [("/one/", ""), ("/two/", "7")]


@pytest.mark.django_db
def test_an_insert_keeps_the_whole_row_and_says_that_it_is_there() -> None:
    insert = PreparedInsert(User)
    for handle in ("one", "two"):
        person = User(
            handle=handle,
            handle_skeleton=handle,
            email=f"{handle}@example.org",
            joined_at=JOINED,
        )
        insert.run(person)
        assert not person._state.adding
    kept = User.objects.get(handle="two")
    assert (kept.email, kept.joined_at) == ("two@example.org", JOINED)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert.run(User(handle="one", handle_skeleton="one", email="other@example.org"))


@pytest.mark.django_db
def test_an_insert_that_ignores_conflicts_changes_nothing_the_second_time() -> None:
    insert = PreparedInsert(User, ignore_conflicts=True)
    for email in ("one@example.org", "other@example.org"):
        insert.run(User(handle="one", handle_skeleton="one", email=email))
    assert [person.email for person in User.objects.all()] == ["one@example.org"]


@pytest.mark.django_db
def test_what_no_column_can_hold_finds_nothing() -> None:
    by_pk = Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)
    by_handle = Prepared(lambda handle: User.objects.filter(handle=handle), handle=str)
    for pk in (2**63, -(2**63) - 1, 10**40):
        assert by_pk.rows(pk=pk) == by_pk.objects(pk=pk) == [], pk
    for handle in ("a\0b", "\ud800", "é\0"):
        assert by_handle.rows(handle=handle) == by_handle.objects(handle=handle) == [], handle
    assert by_handle.rows(handle="é") == []
