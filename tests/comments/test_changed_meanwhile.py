"""What a form is about changes between the check of the view and its write: every route.

The change happens when the first transaction begins, after the view has found its rows and before
they are locked.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import guards
from accounts.models import Role, User
from comments.actions import changes_of_mind
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import delete_comment
from comments.me.erasure import erase
from comments.models import ChangeKind, ChangeOfMind, Comment
from comments.moderation import actions as moderating
from posts.actions import unpublish
from tests.accounts.drafts.test_kept import drawn_for
from tests.cast import Cast
from tests.factories import make_user
from tests.own_routes import OWN_ROUTES
from tests.permission_rows import Target, World
from tests.reauthenticated import client_of
from tests.test_permissions import TABLE

WORDS = "An hour of thought, in words that nobody else has, typed with care."
TEXTS = ("body", "note", "words")
VERBS = ("INSERT", "UPDATE", "DELETE")
# For each route the changes that refuse it. What is written else stands: it came a moment later.
# "back": the article was taken back; its authors and admins may still read it, and write.
# "again": another admin has sent the same form, so that this one writes nothing more.
REFUSED = {
    "comments:answer": "removed deleted locked back",
    "comments:withdrawal": "back",
    "comments:edit": "removed deleted back",
    "comments:well-argued": "removed deleted back",
    "comments:well-argued-withdrawal": "back",
    "comments:verdict": "removed deleted back",
    "comments:verdict-withdrawal": "back",
    "comments:changes": "removed deleted back",
    "comments:post-changes": "back",
    "comments:change-answer": "credit-removed revoked back",
    "comments:change-revocation": "back",
    "comments:closing-edit": "",
    "comments:closing-verdict": "back",
    "comments:closing-withdrawal": "back",
    "comments:flags": "removed deleted back",
    "comments:approval": "removed deleted back again",
    "comments:approval-undo": "removed deleted locked back again",
    "comments:removal": "removed deleted back again",
    "comments:restoration": "deleted back again",
    "comments:dismissal": "removed deleted back again",
    "comments:dismissal-undo": "removed deleted locked back again",
    "comments:retag": "deleted back again",
    "comments:lock": "locked again",
    "comments:unlock": "again",
    "comments:discussion-close": "again",
    "comments:discussion-open": "again",
    "comments:detachment": "removed deleted again",
    "comments:change-removal": "credit-removed revoked back again",
    "comments:change-restoration": "revoked back again",
    "comments:suspension": "erased",
    "comments:suspension-end": "erased again",
    "comments:roles": "erased again",
    "comments:admission": "erased",
}
# About nothing that others change, or possible at any time.
OPEN = OWN_ROUTES | {"comments:job-attempt"}
# Routes whose form has a text of some length, which a refusal gives back.
TAKE_TEXT = {
    "comments:answer",
    "comments:edit",
    "comments:changes",
    "comments:post-changes",
    "comments:change-answer",
    "comments:flags",
    "comments:removal",
    "comments:lock",
    "comments:unlock",
    "comments:discussion-close",
    "comments:discussion-open",
    "comments:change-removal",
    "comments:suspension",
    "comments:suspension-end",
}
# Rows beside the table of permissions: who sends, what it is about, and the form.
MORE: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("comments:answer", "reader", "reply_to", {"stance": "same"}),
    ("comments:changes", "reader", "credit", {"kind": "softened", "was": "same"}),
    ("comments:post-changes", "reader", "paragraph", {"kind": "softened", "was": "same"}),
    ("comments:change-answer", "stranger", "change", {"said": "no"}),
    ("comments:change-revocation", "reader", "own_change", {}),
)


class Subjects(World):
    """Further rows that forms are about."""

    def make_reply_to(self) -> Target:
        return [self.case.post.slug], {"parent": self.make_comment()}

    def make_credit(self) -> int:
        self._written_by_actor(timezone.now() - timedelta(days=2))
        return self.make_comment()

    def make_paragraph(self) -> Target:
        self._written_by_actor(timezone.now() - timedelta(days=2))
        return [self.case.post.slug], {"paragraph": "1"}

    def make_own_change(self) -> int:
        comment = self.make_credit()
        credit = Credit(
            giver=self.actor,  # type: ignore[arg-type]
            post=self.case.post,
            kind=ChangeKind.SOFTENED,
            words=WORDS,
            was=self.case.stances["same"],
            comment=Comment.objects.get(pk=comment),
        )
        return changes_of_mind.give(credit).pk


@pytest.mark.one_database  # each action's own tests run on both
class ChangedMeanwhileTests(Cast):
    """Each route with each change of what it is about."""

    def test_each_is_refused_with_its_words_and_writes_nothing(self) -> None:
        self.second_admin = make_user("second", Role.ADMIN)
        seen = set()
        for route, role, on, data in [*self.rows(), *MORE]:
            for change in self.changes(route, role):
                with self.subTest(route, on=on, change=change):
                    if self.refused(route, role, on, data, change):
                        seen.add((route, change))
        wanted = {(route, change) for route, all_of in REFUSED.items() for change in all_of.split()}
        self.assertEqual(wanted, seen)

    def test_a_form_from_a_tab_of_another_account_writes_nothing(self) -> None:
        """Signed in as one person, with a page still open that was drawn for somebody else."""
        for route, role, on, data in {row[0]: row for row in [*self.rows(), *MORE]}.values():
            person: User = getattr(self, role)
            with self.subTest(route), transaction.atomic():
                arguments, more = Subjects(self, person).target(on)
                sent = {**data, **more, "drawn_for": drawn_for(self.other_author)}
                client = client_of(person)
                with CaptureQueriesContext(connection) as queries:
                    answer = client.post(reverse(route, args=arguments), sent)
                self.assertEqual(answer.status_code, 403)
                self.assertEqual(self.written(queries.captured_queries), [])
                transaction.set_rollback(True)

    def written(self, queries: list[dict[str, str]]) -> list[str]:
        """Return the statements among `queries` that write, but for the session."""
        found = [query["sql"] for query in queries]
        return [sql for sql in found if sql.startswith(VERBS) and "django_session" not in sql]

    def rows(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        found = []
        for row in TABLE["rows"]:
            roles = [
                role for role in ("reader", "author", "moderator", "admin") if row[role] == "A"
            ]
            is_write = row["method"] == "POST" and row.get("data", {}).get("wish") != "preview"
            if not (is_write and roles and row["route"].startswith("comments:")):
                continue
            if row["route"] not in OPEN:
                found.append((row["route"], roles[0], row["on"], row.get("data", {})))
        return found

    def changes(self, route: str, role: str) -> list[str]:
        """Return the changes that refuse the route to a person with the role."""
        assert route in REFUSED, f"{route}: which changes of what it is about refuse it?"
        may_read = role in {"author", "admin"}
        exempt = {"back"} if may_read else set()
        if may_read and route == "comments:answer":
            exempt.add("locked")
        return [change for change in REFUSED[route].split() if change not in exempt]

    def refused(self, route: str, role: str, on: str, data: dict[str, Any], change: str) -> bool:
        """Send the form with the change in between; return whether the change was possible."""
        cache.clear()
        person: User = getattr(self, role)
        with transaction.atomic():
            arguments, more = Subjects(self, person).target(on)
            sent = {**data, **more}
            if sent.get("wish") != "answer":
                sent |= {name: f"{sent.get(name, '')} {WORDS}".strip() for name in TEXTS}
            url = reverse(route, args=arguments)
            act = self.act(change, url, arguments, sent)
            if act is not None:
                answer = self.send(client_of(person), url, sent, act)
            transaction.set_rollback(True)
        if act is None:
            return False
        if answer.status_code == 302:
            said = " ".join(map(str, get_messages(answer.wsgi_request)))
            self.assertRegex(said, "ines|second|already")
        else:
            self.assertIn(answer.status_code, {403, 404, 409})
            if route in TAKE_TEXT and sent.get("wish") != "answer":
                self.assertIn(WORDS, answer.text)
        return True

    def send(self, client: Client, url: str, sent: dict[str, Any], act: Callable[[], Any]) -> Any:
        """Send the form, change something when its first transaction begins; it writes nothing."""
        original = guards.refuse_if_changed
        start: list[int] = []

        def meanwhile(user: User) -> None:
            if not start:
                start.append(0)
                act()
                start[0] = len(queries)
            original(user)

        with (
            CaptureQueriesContext(connection) as queries,
            mock.patch.object(guards, "refuse_if_changed", meanwhile),
        ):
            answer = client.post(url, sent)
        assert start, "the route writes without asking again"
        self.assertEqual(self.written(queries.captured_queries[start[0] :]), [])
        return answer

    def act(
        self, change: str, url: str, arguments: list[Any], sent: dict[str, Any]
    ) -> Callable[[], Any] | None:
        """Return what makes the change, or None if the row is about nothing that can change so."""
        if change == "back":
            return lambda: unpublish(self.post, by=self.author)
        if change == "again":
            return lambda: client_of(self.second_admin).post(url, sent)
        if change == "erased":
            return lambda: erase(User.objects.get(handle=arguments[0]), delete_texts=True)
        if change in {"credit-removed", "revoked"}:
            credit = ChangeOfMind.objects.get(pk=arguments[0])
            if change == "revoked":
                return lambda: changes_of_mind.revoke(credit)
            return lambda: moderating.remove_change(credit, by=self.admin, reason="spam")
        pk = sent.get("parent") or next((each for each in arguments if isinstance(each, int)), None)
        if pk is None:
            return None
        comment = Comment.objects.get(pk=pk)
        return {
            "removed": lambda: moderating.remove(comment, by=self.admin, reason="spam"),
            "deleted": lambda: delete_comment(comment),
            "locked": lambda: moderating.lock(comment, by=self.admin, reason="heated"),
        }[change]
