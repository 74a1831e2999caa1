"""Watch that handles, names, addresses and roles are written under the lock of names alone.

Every test runs while this watches (`tests/conftest.py`). What a test itself writes is not watched,
nor what makes up people: nobody else writes then.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection

from accounts.naming import locking, rules
from tests.services import ROOT

_WRITTEN = re.compile(
    r'INSERT INTO "(accounts_user|accounts_formerhandle|accounts_rolegrant|account_emailaddress)"'
    r'|UPDATE "accounts_user" SET .*"(handle|name|email|name_hidden_at)" = '
    r'|UPDATE "(accounts_formerhandle|accounts_rolegrant|account_emailaddress)"'
    r'|DELETE FROM "(accounts_rolegrant|account_emailaddress)"'
)
# What sends statements for others.
_CARRIERS = (".venv/", "/", "<", "site/core/db/")
_MADE_UP = ("tests/", "bench/", "comments/seeding/")
# Methods of one row, which tests call as well: who calls them is what counts.
_ROWS = {
    ("site/accounts/models/user.py", "save"),
    ("site/accounts/models/user.py", "erase"),
    ("site/accounts/models/user.py", "verify_email"),
    ("site/accounts/querysets.py", "create_user"),
}


class WrittenWithoutLock(AssertionError):
    """A statement wrote names without the lock that keeps others from writing the same."""


@contextmanager
def watched() -> Iterator[None]:
    """Raise `WrittenWithoutLock` for a statement of the block that lacks the lock."""
    held_in: Any = None
    real = locking.lock

    def lock() -> None:
        nonlocal held_in
        real()
        held_in = _outermost()
        assert held_in, "the lock would end with its own statement"

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal held_in
        if held_in not in connection.atomic_blocks:
            held_in = None
        if held_in is None and _WRITTEN.match(sql) and not _is_made_up():
            raise WrittenWithoutLock(sql)
        return execute(sql, params, many, context)

    with (
        mock.patch.object(locking, "lock", lock),
        mock.patch.object(rules, "lock", lock),
        connection.execute_wrapper(watch),
    ):
        yield


def _outermost() -> Any:
    """Return the outermost block of the present transaction that is not of the test, or None."""
    blocks: list[Any] = connection.atomic_blocks
    return next((block for block in blocks if not block._from_testcase), None)


def _is_made_up() -> bool:
    """Return whether a test, or what makes up people, is the nearest caller of the statement."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        path: str = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
        if not path.startswith(_CARRIERS) and (path, frame.f_code.co_name) not in _ROWS:
            return path.startswith(_MADE_UP)
        frame = frame.f_back
    return False
