"""Test the private feed: what it tells, to whom, and what it costs."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import edits
from comments.actions.comments import delete_comment
from comments.me import erasure
from comments.me.inbox.feed import FEED_LENGTH
from comments.models import Comment
from comments.moderation import actions
from notifications import feed_guesses, feed_tokens
from notifications.models import FeedToken, Notification
from posts.models import Post
from publication.models import SiteProfile
from tests.cast import Cast
from tests.factories import make_comment
from tests.reauthenticated import client_of

ATOM = "{http://www.w3.org/2005/Atom}"


class FeedCase(Cast):
    """A reader with a feed and a reply to them."""

    reply: Comment

    def setUp(self) -> None:
        feed_guesses.forget()
        self.mine = make_comment(self.post, self.reader, body="What do you say?")
        self.reply = make_comment(self.post, self.stranger, parent=self.mine, body="I <b> no.")
        self.token = feed_tokens.make(self.reader)

    def url(self, token: str = "") -> str:
        return reverse("comments:private-feed", args=[token or self.token])

    def get(self, token: str = "", client: Client | None = None, **headers: str) -> HttpResponse:
        """Ask for the feed as a feed reader does, without a cookie."""
        return (client or Client()).get(self.url(token), headers=headers)  # type: ignore[return-value]

    def entries(self) -> list[Any]:
        return ElementTree.fromstring(self.get().content).findall(f"{ATOM}entry")


class FeedTests(FeedCase):
    """The address /feeds/notifications/<token>/."""

    def test_it_tells_what_the_inbox_tells(self) -> None:
        (entry,) = self.entries()
        assert entry.findtext(f"{ATOM}title") == "sam replied to you"
        assert self.post.title in entry.findtext(f"{ATOM}summary")
        assert "I &lt;b&gt; no." in entry.findtext(f"{ATOM}summary")
        link = entry.find(f"{ATOM}link").get("href")
        assert link == f"http://testserver{self.reply.get_absolute_url()}"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "sam"
        actions.suspend(self.reader, by=self.moderator, days=3, reason="attacks")
        assert "You cannot write until" in self.entries()[0].findtext(f"{ATOM}title")

    def test_it_is_kept_by_nobody_and_needs_no_cookie(self) -> None:
        for client, had_session in ((Client(), False), (client_of(self.stranger), True)):
            for token in (self.token, "x" * 43):
                answer = self.get(token, client)
                assert answer.headers["Cache-Control"] == "private, no-store", answer.headers
                assert answer.headers["X-Robots-Tag"] == "noindex"
                # A session that comes along is renewed as anywhere; none begins here.
                assert had_session or not answer.cookies
        # Somebody else's session changes nothing.
        assert "replied to you" in self.get(client=client_of(self.stranger)).text

    def test_what_cannot_be_read_now_is_not_in_it(self) -> None:
        def unpublish() -> None:
            Post.objects.update(published_at=None)

        def hold() -> None:
            Comment.objects.filter(pk=reply.pk).update(state="held", held_reason="review")

        reply = self.reply
        takes_away: dict[str, Any] = {
            "removed": lambda: actions.remove(reply, by=self.moderator, reason="spam"),
            "deleted": lambda: delete_comment(reply),
            "held": hold,
            "unpublished": unpublish,
        }
        for name, take_away in takes_away.items():
            with self.subTest(name):
                reply = make_comment(self.post, self.stranger, parent=self.mine, body="Withheld.")
                assert "Withheld." in self.get().text
                take_away()
                assert "Withheld." not in self.get().text

    def test_only_the_token_opens_it(self) -> None:
        digest = FeedToken.objects.get().digest
        for token in ("x" * 43, digest, digest[:43], self.token[:-1], f"{self.token}x", "é" * 43):
            assert self.get(token).status_code == 404
        assert len(self.token) == 43
        assert self.token not in str(FeedToken.objects.values())

    def test_guessing_is_limited_and_a_right_token_is_not(self) -> None:
        with patch.object(feed_guesses, "MOST", 3):
            for _each in range(5):
                assert self.get().status_code == 200
            codes = [self.get("x" * 43).status_code for _each in range(5)]
            assert codes == [404] * 3 + [429] * 2
            assert self.get().status_code == 429
            assert Client(REMOTE_ADDR="192.0.2.7").get(self.url()).status_code == 200

    def test_accounts_that_cannot_sign_in_have_none(self) -> None:
        now = timezone.now()
        for changes in ({"banned_at": now}, {"is_active": False}):
            User.objects.filter(pk=self.reader.pk).update(**changes)
            assert self.get().status_code == 404
            User.objects.filter(pk=self.reader.pk).update(banned_at=None, is_active=True)
        # Accounts that were put back after a theft lose the address that the thief may have made.
        User.objects.filter(pk=self.reader.pk).update(sessions_ended=1)
        assert self.get().status_code == 404
        User.objects.filter(pk=self.reader.pk).update(sessions_ended=0)
        assert self.get().status_code == 200
        erasure.erase(self.reader, delete_texts=False)
        assert self.get().status_code == 404
        assert not FeedToken.objects.exists()

    def test_it_is_only_read(self) -> None:
        assert Client().head(self.url()).status_code == 200
        assert Client().post(self.url()).status_code == 405

    def test_it_speaks_the_language_of_the_site(self) -> None:
        SiteProfile.objects.create(number=1, language="de", name="Die Rota")
        feed_guesses.forget()
        with self.settings(PROFILE_CHECK_SECONDS=0):
            self.get()
            assert 'xml:lang="de"' in self.get().text


class CostTests(FeedCase):
    """Queries and unchanged feeds."""

    def test_queries_stay_as_they_are(self) -> None:
        self.get()
        few = self.queries()
        for _more in range(FEED_LENGTH + 5):
            make_comment(self.post, self.stranger, parent=self.mine)
        Notification.objects.filter(pk__in=Notification.objects.values("pk")[:20]).update(
            read_at=timezone.now()
        )
        assert self.queries() <= few
        entries = self.entries()
        assert len(entries) == FEED_LENGTH
        dates = [entry.findtext(f"{ATOM}updated") for entry in entries]
        assert dates == sorted(dates, reverse=True)

    def test_an_unchanged_feed_is_a_304_without_loading_it(self) -> None:
        whole = self.queries()
        etag = self.get().headers["ETag"]
        again = self.get(if_none_match=etag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Cache-Control"] == "private, no-store"
        assert self.queries(etag) < whole

    def test_what_changes_the_feed_changes_its_etag(self) -> None:
        changes: dict[str, Any] = {
            "one more": lambda: make_comment(self.post, self.stranger, parent=self.mine),
            "other words": lambda: edits.edit_comment(
                Comment.objects.get(pk=self.reply.pk), by=self.stranger, body="I say maybe."
            ),
            "another name": lambda: User.objects.filter(pk=self.stranger.pk).update(name="Sam L"),
            "a removal": lambda: actions.remove(self.reply, by=self.moderator, reason="spam"),
            "a restoration": lambda: actions.restore(
                Comment.objects.get(pk=self.reply.pk), by=self.moderator
            ),
            "no article": lambda: Post.objects.update(published_at=None),
            "another site name": lambda: SiteProfile.objects.create(number=1, name="The Rota"),
        }
        for name, change in changes.items():
            with self.subTest(name), self.settings(PROFILE_CHECK_SECONDS=0):
                etag = self.get().headers["ETag"]
                assert self.get(if_none_match=etag).status_code == 304
                change()
                assert self.get(if_none_match=etag).status_code == 200

    def queries(self, etag: str = "") -> int:
        with CaptureQueriesContext(connection) as asked:
            self.get(if_none_match=etag)
        return len(asked)


class AddressTests(FeedCase):
    """The page /me/notifications/feed/."""

    def setUp(self) -> None:
        super().setUp()
        self.page = reverse("comments:feed-address")
        self.revocation = reverse("comments:feed-revocation")

    def made(self, client: Client) -> str:
        found = re.search(r"/feeds/notifications/([\w-]{43})/", client.post(self.page).text)
        assert found
        return found.group(1)

    def test_the_address_is_shown_once_and_opens_the_feed(self) -> None:
        client = client_of(self.reader)
        token = self.made(client)
        assert self.get(token).status_code == 200
        page = client.get(self.page)
        self.assertNotContains(page, token)
        self.assertContains(page, "You have an address since")
        assert page.headers["Cache-Control"] == "private, no-store"

    def test_another_address_ends_the_first(self) -> None:
        client = client_of(self.reader)
        first, second = self.made(client), self.made(client)
        assert self.get(self.token).status_code == self.get(first).status_code == 404
        assert self.get(second).status_code == 200
        assert FeedToken.objects.count() == 1

    def test_a_revoked_address_opens_nothing_also_twice(self) -> None:
        client = client_of(self.reader)
        for _twice in range(2):
            self.assertRedirects(client.post(self.revocation), self.page)
        assert self.get().status_code == 404
        self.assertContains(client.get(self.page), "Make an address")

    def test_both_ask_for_the_password_again(self) -> None:
        client = Client()
        client.force_login(self.reader)
        for url in (self.page, self.revocation):
            answer = client.post(url)
            assert answer.status_code == 302
            assert "/reauthenticate/" in answer.headers["Location"]
        assert self.get().status_code == 200
        assert client.get(self.page).status_code == 200

    def test_visitors_sign_in_first_and_others_change_nothing(self) -> None:
        assert Client().get(self.page).status_code == 302
        assert Client().post(self.page).status_code == 302
        client_of(self.stranger).post(self.revocation)
        assert self.get().status_code == 200
        assert client_of(self.reader).get(self.revocation).status_code == 405

    def test_a_suspended_person_has_a_feed(self) -> None:
        token = self.made(client_of(self.suspended))
        assert self.get(token).status_code == 200

    def test_made_before_an_account_was_put_back_it_is_not_listed(self) -> None:
        User.objects.filter(pk=self.reader.pk).update(sessions_ended=1)
        later = User.objects.get(pk=self.reader.pk)
        self.assertContains(client_of(later).get(self.page), "Make an address")
        assert self.get(self.made(client_of(later))).status_code == 200
        assert FeedToken.objects.get().created_at > timezone.now() - timedelta(hours=1)
