"""Test that texts from before the reading time was stored are given theirs."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db import connection

from posts.models import Revision
from tests.cast import Cast
from tests.factories import make_post

migration: Any = import_module("posts.migrations.0015_fill_reading_time")


class FillTests(Cast):
    """The migration that fills the column, in batches."""

    def test_every_text_gets_its_own_and_a_second_run_changes_nothing(self) -> None:
        for _number in range(3):
            make_post(self.author, body="word " * 714)
        editor = SimpleNamespace(connection=connection)
        with patch.object(migration, "_BATCH", 2):
            Revision.objects.update(minutes=None)
            migration.fill(apps, editor)
            self.assertEqual(Revision.objects.filter(minutes=3).count(), 3)
            Revision.objects.filter(minutes=3).update(minutes=9)
            migration.fill(apps, editor)
        self.assertFalse(Revision.objects.filter(minutes=None).exists())
        self.assertEqual(Revision.objects.filter(minutes=9).count(), 3)
