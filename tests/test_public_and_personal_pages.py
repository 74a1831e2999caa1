"""Test that two readers and an anonymous one never see each other's personal content.

Each of them follows every link of the site.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import ClassVar

from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.actions import states
from comments.models import CommentState
from tests.accounts.drafts.test_kept import next_of
from tests.cast import Cast
from tests.factories import make_comment, make_series

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# Signing out would end the crawl.
LEFT_OUT = re.compile(r"^/(static|accounts/logout|accounts/reauthenticate)")
PAGES_AT_LEAST = 25


def crawl(client: Client) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield address, text and headers of every page that the front page leads to."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        yield address, answer.text, dict(answer.headers)
        found = {unescape(link) for link in LINK.findall(answer.text)}
        new = sorted(link for link in found - seen if not LEFT_OUT.match(link))
        seen.update(new)
        waiting += new


class PublicAndPersonalPageTests(Cast):
    """A site with comments of two readers."""

    private: ClassVar[dict[str, set[str]]]

    @classmethod
    def setUpTestData(cls) -> None:
        """Write content for each reader that no other person may see."""
        super().setUpTestData()
        make_series(cls.author)
        root = make_comment(cls.post, cls.stranger)
        for reader in (cls.reader, cls.stranger):
            mine = make_comment(cls.post, reader, parent=root)
            make_comment(cls.post, cls.author, parent=mine)
            held = make_comment(cls.post, reader, body=f"Still to be approved: {reader.handle}.")
            states.change_state(held, to=CommentState.HELD, held_reason="links")
        cls.private = {
            r.handle: {
                str(r.email),
                f"Still to be approved: {r.handle}.",
                f'<span class="menu__name">{r.handle}</span>',
            }
            for r in (cls.reader, cls.stranger)
        }

    def client_of(self, reader: User) -> Client:
        client = Client()
        client.force_login(reader)
        return client

    def test_public_bytes_are_the_same_for_everybody(self) -> None:
        first = {address: text for address, text, _headers in crawl(Client())}
        self.client_of(self.reader).get(self.post.get_absolute_url())
        second = {address: text for address, text, _headers in crawl(Client())}
        self.assertGreater(len(first), PAGES_AT_LEAST - 10)
        for address in first.keys() | second.keys():
            if not TOKEN.search(first.get(address, "")):
                with self.subTest(address):
                    self.assertEqual(first.get(address), second.get(address))

    def test_public_pages_name_nobody_who_looks(self) -> None:
        for address, text, headers in crawl(Client()):
            with self.subTest(address):
                for secret in set.union(*self.private.values()):
                    self.assertNotIn(secret, text)
                if TOKEN.search(text):
                    self.assertIn("no-store", headers["Cache-Control"])
                else:
                    self.assertNotIn("Set-Cookie", headers)

    def test_nobody_gets_what_is_another_persons(self) -> None:
        tokens: dict[str, set[str]] = {}
        for reader, other in ((self.reader, self.stranger), (self.stranger, self.reader)):
            pages = list(crawl(self.client_of(reader)))
            self.assertGreater(len(pages), PAGES_AT_LEAST)
            whole = "".join(text for _address, text, _headers in pages)
            self.assertTrue(all(secret in whole for secret in self.private[reader.handle]))
            tokens[reader.handle] = {t for _a, text, _h in pages for t in TOKEN.findall(text)}
            for address, text, headers in pages:
                with self.subTest(address, reader=reader.handle):
                    self.assertEqual(headers["Cache-Control"], "private, no-store")
                    for secret in self.private[other.handle]:
                        self.assertNotIn(secret, text)
        self.assertTrue(all(tokens.values()))
        self.assertEqual(tokens[self.reader.handle] & tokens[self.stranger.handle], set())

    def test_what_somebody_typed_waits_for_them_alone(self) -> None:
        words = "Typed before signing in, and meant for no other eyes."
        address = reverse("comments:answer", args=[self.post.slug])
        typing, other = Client(), Client()
        waits_at = next_of(typing.post(address, {"body": words, "stance": "same"}))
        for client in (other, self.client_of(self.stranger), Client()):
            self.assertNotIn(words, client.get(waits_at, follow=True).text)
        typing.force_login(self.reader)
        self.assertNotIn(words, typing.get(address).text)
        self.assertIn(words, typing.get(waits_at).text)
        # It is a draft of that account now.
        self.assertIn(words, typing.get(address).text)
        self.assertNotIn(words, self.client_of(self.stranger).get(address).text)

    def test_a_copy_of_another_face_is_never_good_enough(self) -> None:
        """Send the ETag of the public variant after signing in, and get a full page.

        The personal one has none: it is stored nowhere.
        """
        reader = self.client_of(self.reader)
        for address in ("/", self.post.get_absolute_url(), self.reader.get_absolute_url()):
            with self.subTest(address):
                public, own = Client().get(address), reader.get(address)
                known = {"If-None-Match": public.headers["ETag"]}
                self.assertEqual(Client().get(address, headers=known).status_code, 304)
                self.assertEqual(reader.get(address, headers=known).status_code, 200)
                self.assertEqual(own.headers["Cache-Control"], "private, no-store")
                self.assertNotIn("ETag", own.headers)
                self.assertIn("Cookie", public.headers["Vary"])
