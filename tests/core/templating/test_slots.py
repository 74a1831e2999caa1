"""Test that no text can take the place of a value in a template that is filled for many rows."""

import subprocess
import sys

from django.conf import settings
from django.test import SimpleTestCase

from core.templating.slots import marks

_SOURCE = settings.BASE_DIR / "site"
_PRINT = "from core.templating.slots import marks; print(marks(('one',))['one'])"


class MarkTests(SimpleTestCase):
    """The marks that stand for values."""

    def test_each_process_has_marks_that_nobody_can_know(self) -> None:
        printed = {_marks_of_another_process() for _n in range(2)} | {marks(("one",))["one"]}
        assert len(printed) == 3

    def test_a_mark_is_the_same_for_all_of_a_process(self) -> None:
        assert marks(("one", "two")) == marks(("one", "two"))
        assert marks(("one",))["one"].isdecimal()


def _marks_of_another_process() -> str:
    command = [sys.executable, "-c", _PRINT]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=_SOURCE)
    return ran.stdout.strip()
