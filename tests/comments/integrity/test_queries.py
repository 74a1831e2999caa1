"""Test that integrity checks read rows in windows of limited size."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.integrity import by_index, faults, queries
from comments.models import Comment
from comments.seeding.generator import GeneratedDiscussion
from tests.cast import Cast

TABLES = ('FROM "accounts_', 'FROM "posts_', 'FROM "comments_', 'FROM "notifications_')
# A window, the search for its end, or one row at the end of an index.
BOUNDS = ("<= ", " LIMIT ", "SELECT MAX(")


class WindowTests(Cast):
    """More rows than one window has."""

    def setUp(self) -> None:
        for _added in GeneratedDiscussion(self.post, 60, 1, timezone.now()).write():
            pass

    def test_every_row_is_in_one_window(self) -> None:
        ids = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
        for size in (1, 7, 20, 59, 60, 61):
            seen = [
                pk
                for window in queries.windows(Comment, size)
                for (pk,) in window.read(Comment.objects.all(), "pk")
            ]
            self.assertEqual(seen, ids)

    def test_rows_that_come_meanwhile_are_left_for_the_next_time(self) -> None:
        windows = queries.windows(Comment, 20)
        next(windows)
        last = Comment.objects.latest("pk").pk
        for _added in GeneratedDiscussion(self.post, 60, 2, timezone.now()).write():
            pass
        self.assertEqual([window.high for window in windows][-1], last)

    def test_no_statement_reads_a_whole_table(self) -> None:
        with CaptureQueriesContext(connection) as captured:
            self.assertEqual(list(faults()), [])
        asked = [query["sql"] for query in captured if any(t in query["sql"] for t in TABLES)]
        self.assertGreater(len(asked), 50)
        unbound = [sql for sql in asked if not any(bound in sql for bound in BOUNDS)]
        self.assertEqual(unbound, [])

    def test_the_planner_is_left_as_it_was(self) -> None:
        with self.assertRaises(ZeroDivisionError), by_index():
            raise ZeroDivisionError
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW enable_seqscan")
                self.assertEqual(cursor.fetchone(), ("on",))
