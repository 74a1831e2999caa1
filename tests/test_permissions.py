"""Test permissions: every route for every role, by the table in `data/permissions.json`."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Suspension, User
from tests.cast import Cast
from tests.permission_rows import OF_THE_ACTOR, Target, World
from tests.reauthenticated import client_of

TABLE = json.loads((Path(__file__).parent / "data" / "permissions.json").read_text())
SUSPENDED_UNTIL = datetime(2100, 2, 1, 12, 30, tzinfo=UTC)
# A session notes when it began and was last seen, and by which invitation; savepoints are the
# test's.
READING = re.compile(
    r'\s*(SELECT|WITH|SAVEPOINT|RELEASE|ROLLBACK|(UPDATE|INSERT INTO) "django_session")'
)
# Refused to the suspended for another reason than writing, which others have as well.
NOT_WRITING = {"comment.delete_others", "preview.markdown"}
WHY_SUSPENDED = (
    "You cannot write until 1 February 2100, 12:30 (UTC), because you came to advertise."
)
# allauth's pages, tested in tests/accounts; each concerns only one's own account.
ELSEWHERE = {"account_", "mfa_"}


@pytest.mark.one_database  # the rows behind it are tested on both, view by view
class PermissionTests(Cast):
    """The table, cell by cell."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Say why `suspended` may not write, and until when."""
        super().setUpTestData()
        User.objects.filter(pk=cls.suspended.pk).update(suspended_until=SUSPENDED_UNTIL)
        cls.suspended.refresh_from_db()
        Suspension.objects.create(
            user=cls.suspended, by=cls.admin, reason="advertising", ends_at=SUSPENDED_UNTIL
        )

    def test_every_cell(self) -> None:
        clients = {role: self.client_of_role(role) for role in TABLE["roles"]}
        for row in TABLE["rows"]:
            for role, answer in self.answers(row, clients):
                with self.subTest(row["action"], role=role, on=row["on"]):
                    self.assertEqual(self.outcome(answer), row[role], answer.status_code)
                    if (
                        role == "suspended"
                        and row[role] == "D"
                        and row["action"] not in NOT_WRITING
                    ):
                        self.assertContains(answer, WHY_SUSPENDED, status_code=403)

    def test_a_route_without_a_row_fails(self) -> None:
        known = {row["route"] for row in TABLE["rows"]}
        missing = {
            name
            for name in route_names(get_resolver().url_patterns)
            if name not in known and not any(name.startswith(start) for start in ELSEWHERE)
        }
        self.assertEqual(missing, set())

    def actor(self, role: str) -> User | AnonymousUser:
        return AnonymousUser() if role == "anonymous" else getattr(self, role)

    def client_of_role(self, role: str) -> Client:
        actor = self.actor(role)
        return client_of(actor) if isinstance(actor, User) else Client()

    def answers(
        self, row: dict[str, Any], clients: dict[str, Client]
    ) -> Iterator[tuple[str, HttpResponseBase]]:
        """Yield each role of `row` and what it is answered; nothing is left behind."""
        with undone():
            shared = None
            if row["on"] not in OF_THE_ACTOR:
                shared = World(self, AnonymousUser()).target(row["on"])
            for role in (role for role in TABLE["roles"] if row[role] != "-"):
                with undone(), same_session(clients[role]):
                    target = shared or World(self, self.actor(role)).target(row["on"])
                    answer = self.ask(row, clients[role], target)
                yield role, answer

    def ask(self, row: dict[str, Any], client: Client, target: Target) -> HttpResponseBase:
        cache.clear()
        arguments, more = target
        url = reverse(row["route"], args=arguments)
        if "after" in row:
            client.get(reverse(row["after"]))
        if row["method"] == "GET":
            with connection.execute_wrapper(refuse_writes):
                return client.get(url)
        return client.post(url, {**row.get("data", {}), **more})

    def outcome(self, answer: HttpResponseBase) -> str:
        location = answer.headers.get("Location", "")
        ways_in = (reverse("account_login"), reverse("account_signup"))
        if answer.status_code == 302 and location.startswith(ways_in):
            return "L"
        return {403: "D", 404: "H", 410: "G"}.get(
            answer.status_code, "A" if answer.status_code < 400 else "?"
        )


def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Run a statement of a request that reads; raise AssertionError if it writes."""
    assert READING.match(sql), f"reading a page writes: {sql}"
    return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def same_session(client: Client) -> Iterator[None]:
    """Give `client` back the cookies it had before the block, which may sign it out."""
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    yield
    client.cookies.clear()
    client.cookies.load(kept)


def route_names(patterns: Any, space: str = "") -> Iterator[str]:
    """Return the full names of all routes."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from route_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"
