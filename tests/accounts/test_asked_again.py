"""Test that what was allowed when a request began is asked again where it writes: every route."""

from typing import Any
from unittest import mock

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import guards
from accounts.models import RoleGrant, Suspension, User
from tests.accounts.drafts.test_kept import drawn_for
from tests.cast import Cast
from tests.factories import make_comment
from tests.own_routes import OWN_ROUTES
from tests.permission_rows import World
from tests.posts.studio.forms import fields_in
from tests.reauthenticated import client_of
from tests.test_permissions import TABLE

WORDS = "An hour of thought, in words that nobody else has."
PEOPLE = ("reader", "author", "moderator", "admin")
# Open to suspended people: what is one's own can be read, saved, deleted and erased at any time.
OPEN = OWN_ROUTES | {
    "following:end",
    "following:end-undo",
    "following:follow",
    "notifications:mail-address-again",
    "notifications:mail-settings",
}
# No account has to be signed in for the links in mails; a preview writes nothing. A webhook is
# no person's.
OTHERS = {
    "deliverability:webhook",
    "people:restoration",
    "following:confirm",
    "following:by-mail",
    "notifications:mail-stop",
    "posts:studio-preview",
    "posts:site-preview",
}


def suspend(person: User) -> None:
    User.objects.filter(pk=person.pk).update(banned_at=timezone.now())
    Suspension.objects.create(user=person, by=person, reason="harassing")


def take_roles(person: User) -> None:
    RoleGrant.objects.filter(user=person).delete()


@pytest.mark.one_database
class AskedAgainTests(Cast):
    """A person changes between the check of the view and its first write."""

    def test_nobody_writes_who_is_suspended_meanwhile(self) -> None:
        for row, role in self.rows():
            with self.subTest(row["route"], on=row["on"], role=role):
                self.refused(
                    row, role, suspend, "You can no longer write, because you harassed somebody."
                )

    def test_nobody_writes_whose_role_is_taken_meanwhile(self) -> None:
        for row, role in self.rows():
            if role != "reader":
                with self.subTest(row["route"], on=row["on"], role=role):
                    self.refused(row, role, take_roles, "You no longer have the role")

    def rows(self) -> list[tuple[dict[str, Any], str]]:
        """Return the rows of forms, each with the person of the fewest roles who may send it."""
        found = []
        for row in TABLE["rows"]:
            allowed = [role for role in PEOPLE if row[role] == "A"]
            writes = row["method"] == "POST" and row.get("data", {}).get("wish") != "preview"
            if writes and allowed and row["route"] not in OPEN | OTHERS:
                found.append((row, allowed[0]))
        return found

    def refused(self, row: dict[str, Any], role: str, change: Any, sentence: str) -> None:
        cache.clear()
        person: User = getattr(self, role)
        original, start = guards.refuse_if_changed, []
        with transaction.atomic():
            arguments, more = World(self, person).target(row["on"])
            client = client_of(person)
            if "after" in row:
                client.get(reverse(row["after"]))
            with CaptureQueriesContext(connection) as queries:

                def meanwhile(user: User) -> None:
                    change(user)
                    start.append(len(queries))
                    original(user)

                with mock.patch.object(guards, "refuse_if_changed", meanwhile):
                    answer = client.post(
                        reverse(row["route"], args=arguments),
                        {"revision": "1", **row.get("data", {}), **more},
                    )
            transaction.set_rollback(True)
        assert start, "the route writes without asking again"
        if answer.status_code == 302:
            assert sentence in " ".join(map(str, get_messages(answer.wsgi_request)))
        else:
            self.assertContains(answer, sentence, status_code=403)
        verbs = ("INSERT", "UPDATE", "DELETE")
        later = [query["sql"] for query in queries.captured_queries[start[0] :]]
        written = [sql for sql in later if sql.startswith(verbs) and "django_session" not in sql]
        self.assertEqual(written, [])


class TypedTextTests(Cast):
    """What was typed is in the refusal, or comes back."""

    def test_every_refusal_of_the_guards_returns_the_text(self) -> None:
        url = reverse("comments:answer", args=[self.post.slug])
        for person, path in (
            (self.suspended, url),
            (self.reader, reverse("posts:studio-post-create")),
            (self.reader, reverse("comments:flags", args=[10**6])),
        ):
            with self.subTest(person.handle, path=path):
                answer = client_of(person).post(path, {"body": WORDS, "note": WORDS})
                assert answer.status_code in {403, 404}
                assert WORDS in answer.content.decode()

    def test_a_page_shows_once_a_kept_form_that_its_view_does_not_take(self) -> None:
        comment = make_comment(self.post, self.stranger)
        change = World(self, self.moderator).make_change()
        for name, argument in (
            ("removal", comment.pk),
            ("lock", comment.pk),
            ("suspension", self.stranger.handle),
            ("change-removal", change),
        ):
            with self.subTest(name):
                path = reverse(f"comments:{name}", args=[argument])
                sent = {"reason": "spam", "note": WORDS, "drawn_for": drawn_for(self.moderator)}
                self.client_class().post(path, sent)
                client = client_of(self.moderator)
                self.assertContains(client.get(path), WORDS)
                self.assertNotContains(client.get(path), WORDS)

    def test_it_says_what_each_field_is_and_all_that_would_be_sent(self) -> None:
        comment = make_comment(self.post, self.stranger)
        path = reverse("comments:removal", args=[comment.pk])
        key = "0b0e7f2c-6f0b-4f0e-9d52-3f6f0f2b8f11"
        sent = {"reason": "off_topic", "note": "Short.", "seen": "0.0123456789abcdef", "next": key}
        self.client_class().post(path, {**sent, "drawn_for": drawn_for(self.moderator)})
        page = client_of(self.moderator).get(path)
        self.assertContains(page, ">Note</label>")
        self.assertContains(page, "Reason: <strong>off topic</strong>")
        shown = [field for field in page.context["fields"] if field.kind != "key"]
        self.assertEqual([field.name for field in shown], ["reason", "note"])
        self.assertEqual(
            fields_in(page.text, holding="note") | {"drawn_for": ""}, {**sent, "drawn_for": ""}
        )
