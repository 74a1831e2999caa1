"""Test that what a test makes does not depend on the tests that ran before it."""

from itertools import count
from unittest.mock import patch

from django.utils import timezone

from . import factories
from .cast import Cast


class TimesTests(Cast):
    """Comments made late in a run of many tests."""

    def test_a_comment_is_as_old_however_many_tests_ran_before(self) -> None:
        with patch.object(factories, "_numbers", count(1_000_000)):
            first, second = (factories.make_comment(self.post, self.reader) for _each in range(2))
        self.assertEqual((second.created_at - first.created_at).total_seconds() // 1, 400)
        self.assertEqual((timezone.now() - first.created_at).days, 90)
