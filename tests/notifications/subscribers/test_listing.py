"""Test the list of addresses that follow: who sees it, search, and removing one with its undo."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import limits
from core.exceptions import ActionRefused
from notifications.deliverability import events
from notifications.deliverability.models import EventKind
from notifications.following import links
from notifications.mailing import scopes
from notifications.mailing.models import StopCause, StoppedAddress
from notifications.models import Subscription
from notifications.subscribers import former, listing, removing
from tests.at_once import at_once
from tests.factories import make_post, make_user
from tests.reauthenticated import client_of

from .lists import HERE, Lists, words

LIST = f"{HERE}list/"
UNDO = f"{LIST}removal/undo/"


class ListTests(Lists):
    """What an admin sees of those who follow by e-mail, and does about it."""

    def follow(self, address: str, *, waits: bool = False, **more: Any) -> Subscription:
        now = timezone.now()
        confirmed = None if waits else now
        return Subscription.objects.create(
            address=address,
            target="series",
            target_id=self.series.pk,
            confirmed_at=confirmed,
            **more,
        )

    def found(self, **asked: str) -> set[str]:
        """Return the addresses that the page shows for a search."""
        page = self.ines.get(LIST, asked)
        return set(re.findall(r'followers__address"><bdi>([^<]+)', page.text))

    def remove(self, row: Subscription) -> Any:
        return self.ines.post(f"{LIST}{row.pk}/removal/", follow=True)

    def undo_of(self, page: Any) -> str:
        """Return what the page sends to undo the removal."""
        [token] = re.findall(r'name="removal" value="([^"]+)"', page.text)
        return str(token)

    def test_it_says_where_each_stands_and_why(self) -> None:
        self.follow("yes@example.org")
        self.follow("wait@example.org", waits=True)
        self.follow("ended@example.org", ended_at=timezone.now())
        self.follow("bounced@example.org")
        StoppedAddress.objects.create(address="Bounced@example.org", cause=StopCause.BOUNCE)
        page = words(self.ines.get(LIST))
        for sentence in (
            "4 subscriptions",
            self.series.title,
            "waits for its confirmation",
            "gets nothing: it no longer follows this",
            "gets nothing: there is no such mailbox",
        ):
            self.assertIn(sentence, page)
        for state, addresses in (
            ("confirmed", {"yes@example.org"}),
            ("waiting", {"wait@example.org"}),
            ("stopped", {"ended@example.org", "bounced@example.org"}),
        ):
            self.assertEqual(self.found(state=state), addresses)
        self.assertEqual(len(self.found(state="nonsense")), 4)

    def test_of_none_one_and_few(self) -> None:
        self.assertIn("No address follows without an account yet.", words(self.ines.get(LIST)))
        self.follow("a@example.org")
        page = words(self.ines.get(LIST))
        self.assertIn("1 subscription ", page)
        self.assertNotIn("Page 1", page)
        Subscription.objects.create(
            user=self.reader, target="series", target_id=1, confirmed_at=timezone.now()
        )
        page = words(self.ines.get(LIST))
        self.assertIn("1 more subscription is of a person with an account", page)
        self.assertNotIn(self.reader.email, page)
        self.assertIn("No address fits.", words(self.ines.get(LIST, {"q": str(self.reader.email)})))

    def test_a_search_finds_a_part_of_the_address(self) -> None:
        for address in ("pat@example.org", "sam@example.org", "pat_x@other.example"):
            self.follow(address)
        self.assertEqual(self.found(q=" PAT"), {"pat@example.org", "pat_x@other.example"})
        self.assertEqual(self.found(q="t_x"), {"pat_x@other.example"})
        self.assertEqual(self.found(q="%"), set())
        self.assertEqual(self.found(q="\0a@"), set())
        self.assertIn('value="&lt;b&gt;"', self.ines.get(LIST, {"q": "<b>"}).text)

    def test_pages_and_a_fixed_number_of_queries(self) -> None:
        with patch.object(listing, "PAGE", 2):
            self.follow("0@example.org")
            few = self.queries()
            for number in range(1, 5):
                self.follow(f"{number}@example.org")
            self.assertEqual(self.queries(), few)
            self.assertEqual(self.found(), {"4@example.org", "3@example.org"})
            self.assertEqual(self.found(page="3"), {"0@example.org"})
            self.assertEqual(self.found(page="99"), {"0@example.org"})
            self.assertIn("Page 2 of 3", words(self.ines.get(f"{LIST}?page=2")))

    def queries(self) -> int:
        self.ines.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            self.ines.get(LIST)
        return len(captured)

    def test_removing_ends_it_for_good_and_can_be_undone(self) -> None:
        row, other = self.follow("pat@example.org"), self.follow("sam@example.org")
        page = self.remove(row)
        self.assertIn("pat@example.org gets no more e-mail about this", words(page))
        self.assertEqual(self.active(), {other.address})
        self.imported("email,consent_date,consent_place\npat@example.org,2026-01-31,fair\n")
        self.assertEqual(self.active(), {other.address})
        self.assertIn("did not follow that any more", words(self.remove(row)))
        undone = self.ines.post(UNDO, {"removal": self.undo_of(page)}, follow=True)
        self.assertIn("The address follows it again.", words(undone))
        self.assertEqual(self.active(), {row.address, other.address})
        again = self.ines.post(UNDO, {"removal": self.undo_of(page)}, follow=True)
        self.assertIn("can no longer be undone", words(again))

    def test_one_that_waits_stays_out_too(self) -> None:
        row = self.follow("pat@example.org", waits=True)
        page = self.remove(row)
        self.assertEqual(self.found(state="stopped"), {"pat@example.org"})
        self.ines.post(UNDO, {"removal": self.undo_of(page)})
        self.assertEqual(self.found(state="waiting"), {"pat@example.org"})
        self.assertFalse(former.among(["pat@example.org"]))

    def test_the_undo_brings_back_nothing_that_the_owner_ended(self) -> None:
        row = self.follow("pat@example.org")
        token = self.undo_of(self.remove(row))
        Subscription.objects.update(ended_at=timezone.now() + timedelta(seconds=1))
        for removal in (token, "x", "", f"{token}x"):
            self.ines.post(UNDO, {"removal": removal})
            self.assertEqual(self.active(), set())
        Subscription.objects.update(ended_at=None)
        token = self.undo_of(self.remove(row))
        with patch.object(limits, "UNDO_OFFER", -1):
            self.ines.post(UNDO, {"removal": token})
        self.assertEqual(self.active(), set())

    def test_an_owner_who_ends_what_is_removed_already_is_not_brought_back(self) -> None:
        for end in (self.one_click, self.press_on_the_list):
            with self.subTest(end.__name__):
                row = self.follow(f"{end.__name__}@example.org")
                page = self.remove(row)
                end(row)
                undone = self.ines.post(UNDO, {"removal": self.undo_of(page)}, follow=True)
                self.assertIn("can no longer be undone", words(undone))
                self.assertNotIn(row.address, self.active())

    def test_only_the_owner_begins_again_what_both_ended(self) -> None:
        row = self.follow("pat@example.org")
        self.remove(row)
        self.one_click(row)
        Client().post(links.to_list(row), {"one": row.pk, "follow": "1"})
        self.assertEqual(self.active(), {row.address})

    def test_a_mailbox_that_bounced_or_complained_since_is_not_brought_back(self) -> None:
        for kind in EventKind:
            with self.subTest(kind):
                row, other = self.follow(f"{kind}@example.org"), self.follow(f"o{kind}@example.org")
                page, undo_of_other = self.remove(row), self.undo_of(self.remove(other))
                self.assertTrue(events.record(row.address, kind))
                offered = self.ines.get(LIST, {"undo": self.undo_of(page)})
                self.assertNotIn("gets no more e-mail about this", words(offered))
                undone = self.ines.post(UNDO, {"removal": self.undo_of(page)}, follow=True)
                self.assertIn("can no longer be undone", words(undone))
                self.ines.post(UNDO, {"removal": undo_of_other})
                self.assertEqual(self.active() & {row.address, other.address}, {other.address})

    def test_a_mailbox_that_bounced_before_is_as_it_was(self) -> None:
        row = self.follow("pat@example.org")
        events.record(row.address, EventKind.BOUNCE)
        self.ines.post(UNDO, {"removal": self.undo_of(self.remove(row))})
        self.assertEqual(self.active(), {row.address})
        self.assertIn("there is no such mailbox", words(self.ines.get(LIST)))

    def one_click(self, row: Subscription) -> None:
        """Press the button of a mail program, of a mail that came before."""
        link = scopes.MailLink(0, scopes.of_subscription(row.pk))
        answer = Client().post(f"/mail/{scopes.token_of(link)}/", {"List-Unsubscribe": "One-Click"})
        self.assertIn("Nothing to change", answer.text)

    def press_on_the_list(self, row: Subscription) -> None:
        """Press "Stop following" on a page that was opened before."""
        self.assertEqual(Client().post(links.to_list(row), {"one": row.pk}).status_code, 302)

    def test_a_person_with_an_account_cannot_be_removed(self) -> None:
        mine = Subscription.objects.create(
            user=self.reader, target="series", target_id=1, confirmed_at=timezone.now()
        )
        self.remove(mine)
        mine.refresh_from_db()
        self.assertIsNone(mine.ended_at)

    def test_admins_alone_see_it_after_their_password(self) -> None:
        row = self.follow("pat@example.org")
        removal = f"{LIST}{row.pk}/removal/"
        for person in (self.author, self.moderator, self.reader):
            client = client_of(person)
            self.assertEqual(client.get(LIST).status_code, 404)
            self.assertEqual(client.post(removal).status_code, 404)
            self.assertEqual(client.post(UNDO, {"removal": "x"}).status_code, 404)
        self.sign_in(self.admin)
        self.assertEqual(self.client.get(LIST).status_code, 302)
        self.assertEqual(self.client.post(removal).status_code, 302)
        self.client.logout()
        self.assertEqual(self.client.get(LIST).status_code, 302)
        self.assertEqual(self.ines.get(removal).status_code, 405)
        self.assertEqual(self.active(), {"pat@example.org"})


class AtOnceTests(TransactionTestCase):
    """Many undos at the same moment."""

    def test_twelve_undos_at_once_do_not_pass_the_most_one_may_follow(self) -> None:
        author = make_user("ada", "author")
        posts = [make_post(author) for _ in range(12)]
        rows = [
            Subscription.objects.create(
                address="pat@example.org",
                target=target,
                target_id=post.pk,
                confirmed_at=timezone.now(),
            )
            for target, post in zip(["site", "author", "series"] * 4, posts, strict=True)
        ]
        tokens = [removing.remove(row.pk) for row in rows]
        with patch.object(limits, "FOLLOWED_MAX", 5):
            results = at_once(*[lambda token=token: removing.undo(token) for token in tokens])
        refused = [each for each in results if isinstance(each, ActionRefused)]
        self.assertEqual((results.count(True), len(refused)), (5, 7), results)
        self.assertEqual(Subscription.objects.active().count(), 5)
