"""Test the triggers that make the answer history and the moderation log append-only."""

from io import StringIO

from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from comments import db_triggers
from comments.models import Decision, StanceRecord
from comments.models.moderation import Action
from tests.cast import Cast
from tests.factories import make_comment


def run_sql(statement: str) -> None:
    """Send `statement` to the database as it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


class AppendOnlyTests(Cast):
    """Attempts to change rows of both tables."""

    def setUp(self) -> None:
        comment = make_comment(self.post, self.reader)
        decision = Decision.objects.create(action=Action.LOCK, by=self.moderator, comment=comment)
        self.rows = [StanceRecord.objects.get(), decision]
        # PostgreSQL empties no table with pending checks of foreign keys.
        connection.check_constraints()

    def assert_refused(self, statement: str) -> None:
        with (
            self.subTest(statement),
            self.assertRaisesMessage(IntegrityError, "append-only"),
            transaction.atomic(),
        ):
            run_sql(statement)

    def test_both_tables_are_guarded(self) -> None:
        self.assertEqual({row._meta.db_table for row in self.rows}, set(db_triggers.TABLES))

    def test_no_row_is_changed_or_deleted(self) -> None:
        for table in db_triggers.TABLES:
            self.assert_refused(f"UPDATE {table} SET id = id")
            self.assert_refused(f"DELETE FROM {table}")
        for row in self.rows:
            with self.assertRaises(IntegrityError), transaction.atomic():
                row.save()
            self.assertTrue(type(row)._default_manager.filter(pk=row.pk).exists())

    def test_no_table_is_emptied(self) -> None:
        # SQLite has no TRUNCATE; its DELETE without a condition is refused above.
        if connection.vendor == "postgresql":
            for table in db_triggers.TABLES:
                self.assert_refused(f"TRUNCATE {table} CASCADE")

    def test_migrating_puts_a_lost_trigger_back(self) -> None:
        db_triggers.remove()
        self.assertEqual(len(db_triggers.missing()), 4)
        call_command("migrate", verbosity=0)
        self.assertEqual(db_triggers.missing(), {})
        self.assert_refused("UPDATE comments_decision SET id = id")

    def test_a_lost_trigger_is_a_fault(self) -> None:
        db_triggers.remove()
        said = StringIO()
        with self.assertRaisesMessage(CommandError, "4 faults"):
            call_command("check_integrity", stdout=said)
        self.assertEqual(said.getvalue().count("can be changed"), 4)
