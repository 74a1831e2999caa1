"""Test a full disk: pages are served, writes are refused with a sentence, none is half stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.urls import reverse

from comments.integrity import faults
from comments.models import Comment
from core.caching.pages import store
from tests.factories import make_comment, make_post, make_question, make_user

WORDS = "A long answer that nobody wants to type twice. " * 40


@contextmanager
def full_disk() -> Iterator[None]:
    """Leave the database no room: SQLite not one page more, PostgreSQL none for comments."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER no_room AFTER INSERT ON comments_comment "
                "FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
        else:
            # Characters of a comment that needs a new page, since no free page is large enough.
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("DROP FUNCTION no_room() CASCADE")
            else:
                cursor.execute("PRAGMA max_page_count = 1073741823")


class FullDiskTests(TransactionTestCase):
    """A post, and a reader who writes under it."""

    def setUp(self) -> None:
        self.reader = make_user(is_demo=True)
        self.post = make_post(make_user())
        make_question(self.post)
        self.root = make_comment(self.post, make_user(is_demo=True), body=WORDS)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.reader)

    def reply(self, **extra: Any) -> Any:
        """Send the same reply, as a second click would."""
        return self.client.post(
            reverse("comments:answer", args=[self.post.slug]),
            {
                "body": WORDS,
                "stance": "same",
                "parent": self.root.pk,
                "form_key": self.key,
                "wish": "post",
            },
            **extra,
        )

    key = str(uuid4())

    def test_a_write_says_so_gives_the_words_back_and_leaves_nothing(self) -> None:
        for extra in ({}, {"HTTP_HX_REQUEST": "true"}):
            with full_disk(), self.assertLogs("django.request", "ERROR"):
                answer = self.reply(**extra)
            self.assertContains(answer, "Nothing can be saved right now", status_code=503)
            self.assertContains(answer, WORDS.strip(), status_code=503)
            self.assertIn("Retry-After", answer.headers)
            self.assertEqual(Comment.objects.count(), 1)
            self.assertEqual(list(faults()), [])

    def test_the_same_form_is_taken_once_there_is_room(self) -> None:
        with full_disk(), self.assertLogs("django.request", "ERROR"):
            self.reply()
        self.assertEqual([self.reply().status_code, self.reply().status_code], [302, 302])
        self.assertEqual(Comment.objects.count(), 2)
        self.assertEqual(list(faults()), [])

    def test_reading_goes_on_for_visitors_and_for_people(self) -> None:
        cache.clear()
        store.clear()
        with full_disk():
            for client in (self.client, Client()):
                for path in (
                    self.post.get_absolute_url(),
                    f"{self.post.get_absolute_url()}?sort=newest",
                    self.root.get_absolute_url(),
                    "/",
                    reverse("account_login"),
                    "/readyz",
                ):
                    with self.subTest(path, visitor=client is not self.client):
                        answer = client.get(path, follow=True)
                        self.assertEqual(answer.status_code, 200)
