"""Test following without an account: ask, confirm behind a mailed link, and end."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.naming import rules
from comments.me.export import export_of
from core import limits
from core.exceptions import ActionRefused
from notifications import targets
from notifications.deliverability import events
from notifications.deliverability.models import EventKind
from notifications.following import actions, links
from notifications.models import StoppedAddress, Subscription
from notifications.targets import Key
from tests.at_once import at_once
from tests.factories import make_post, make_user

from .by_mail import ADDRESS, ByMail


class WayTests(ByMail):
    """From the link on a public page to the end of following."""

    def test_from_a_page_to_following_and_to_its_end(self) -> None:
        url = self.url("promise", self.all["promise"])
        assert f'href="{url}"' in self.visitor.get(self.post.get_absolute_url()).text
        self.assertContains(self.visitor.get(url), "Send me the link")
        asked = self.visitor.post(url, {"email": ADDRESS}, follow=True)
        self.assertContains(asked, "Check your e-mail")
        self.assertContains(asked, f"We sent a link to {ADDRESS}.")
        assert self.active() == set()
        [message] = mail.outbox
        assert message.to == [ADDRESS]
        self.assertContains(self.visitor.get(self.link()), "More")
        assert self.active() == set()
        page = self.confirm()
        assert self.active() == {"promise"}
        listed = self.visitor.get(page["Location"])
        self.assertContains(listed, "More")
        self.assertContains(listed, "Stop following")
        self.assertContains(listed, "We e-mail you about what you follow here.")
        row = Subscription.objects.get()
        self.visitor.post(page["Location"], {"one": row.pk, "follow": "0"})
        assert self.active() == set()
        self.assertContains(self.visitor.get(page["Location"]), "Undo")
        self.visitor.post(page["Location"], {"one": row.pk, "follow": "1"})
        assert self.active() == {"promise"}

    def test_a_mailbox_that_had_enough_leaves_its_address_the_turn_to_be_mailed(self) -> None:
        cache.clear()
        for number in range(4):
            self.ask(email=f"pat+{number}@example.org")
        assert len(mail.outbox) == 3
        cache.clear()
        self.ask(email="pat+3@example.org")
        assert [message.to for message in mail.outbox[3:]] == [["pat+3@example.org"]]

    def test_the_next_page_names_the_address_to_the_one_who_typed_it_alone(self) -> None:
        asked = self.ask(email="Pat.O'Brien+news@example.org")
        assert "@" not in asked["Location"]
        page = self.visitor.get(asked["Location"])
        self.assertContains(page, "pat.o&#x27;brien+news@example.org")
        self.assertContains(page, f'href="{self.url("promise", self.all["promise"])}"')
        assert "no-store" in page["Cache-Control"]
        assert not self.visitor.session.keys()
        assert "@example.org" not in Client().get(asked["Location"]).text
        self.visitor.cookies["follow-asked"] = "somebody@example.org"
        page = self.visitor.get(asked["Location"])
        self.assertContains(page, "We sent an e-mail with a link.")
        self.assertNotContains(page, "Use another address")
        self.assertNotContains(page, "somebody@example.org")

    def test_the_mail_says_what_kind_of_thing_would_be_followed(self) -> None:
        for name in self.all:
            kind = targets.type_of(name)
            assert kind
            self.ask(name, f"{name}@example.org")
            said = " ".join(str(mail.outbox[-1].body).split())
            assert mail.outbox[-1].to == [f"{name}@example.org"]
            assert f"chose “{kind.press}” and gave this address." in said
            assert f"What you would get: {kind.told} To see" in said

    def test_a_link_is_confirmed_by_the_press_alone(self) -> None:
        self.ask()
        for method in ("get", "head", "options"):
            getattr(self.visitor, method)(self.link())
        assert self.active() == set()
        assert self.visitor.put(self.link()).status_code == 405

    def test_one_link_confirms_all_that_was_asked_for_and_nothing_that_is_not_chosen(self) -> None:
        for name in ("promise", "series", "author"):
            self.ask(name)
        assert len(mail.outbox) == 1
        unwanted = Subscription.objects.get(target="author")
        page = self.visitor.get(self.link())
        for words in ("More", self.series.title, self.author.handle):
            self.assertContains(page, words)
        chosen = Subscription.objects.exclude(pk=unwanted.pk).values_list("pk", flat=True)
        self.visitor.post(self.link(), {"chosen": list(chosen)})
        assert self.active() == {"promise", "series"}

    def test_an_address_that_takes_no_mail_reads_why_and_has_it_tried_again(self) -> None:
        self.ask()
        listed = self.confirm()["Location"]
        for kind, words, press in (
            (EventKind.BOUNCE, "there is no such mailbox", "Try it again"),
            (EventKind.COMPLAINT, "was reported as spam", "Send me e-mail again"),
        ):
            with self.subTest(kind):
                assert events.record(ADDRESS, kind)
                for text in (words, press, ADDRESS):
                    self.assertContains(self.visitor.get(listed), text)
                self.assertNotContains(self.visitor.get(listed), "We e-mail you about")
                for method in ("get", "head"):
                    getattr(self.visitor, method)(f"{listed}?again=1")
                assert StoppedAddress.objects.exists()
                for _n in range(2):
                    assert self.visitor.post(listed, {"again": "1"}).status_code == 302
                self.assertNotContains(self.visitor.get(listed), words)
                assert not StoppedAddress.objects.exists()
                assert self.active() == {"promise"}

    def test_confirmed_twice_it_is_so_already(self) -> None:
        self.ask()
        link = self.link()
        self.confirm(link)
        self.assertContains(self.visitor.get(link), "you have confirmed it")
        assert self.visitor.post(link, {"chosen": "1"}).status_code == 302
        assert self.active() == {"promise"}

    def test_what_was_ended_is_not_resumed_by_asking_alone(self) -> None:
        self.ask()
        self.confirm()
        actions.end(Subscription.objects.all())
        self.a_day_later()
        self.ask()
        assert self.active() == set()
        self.confirm()
        assert self.active() == {"promise"}

    def test_the_token_is_in_the_mail_alone(self) -> None:
        self.ask()
        token = self.link().rstrip("/").rpartition("/")[2]
        row = Subscription.objects.get()
        assert row.token_hash == links.hash_of(token)
        assert token not in str(Subscription.objects.values_list())

    def test_nothing_that_others_wrote_is_in_the_mail(self) -> None:
        for name in self.all:
            mail.outbox.clear()
            self.ask(name, f"{name}@example.org")
            text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
            for words in (self.post.title, self.series.title, "More", "sam", "ada"):
                assert words not in text

    def test_an_account_that_has_the_address_takes_it_over_at_once(self) -> None:
        self.ask(email=str(self.reader.email))
        listed = self.visitor.get(self.confirm()["Location"])
        self.assertContains(listed, "You follow this with your account")
        self.assertContains(listed, reverse("following:mine"))
        assert str(self.reader.email) not in listed.text
        assert self.visitor.post(listed.wsgi_request.path, {"one": "1"}).status_code == 200
        assert self.followed() == {"promise"}
        assert not Subscription.objects.exclude(address="").exists()


class AccountTests(ByMail):
    """Signing up with an address, or adding one, joins what it followed."""

    def confirm_address(self, user: Any, address: str = ADDRESS) -> None:
        """Confirm an address as allauth does when a code was typed."""
        with transaction.atomic():
            rules.lock()
            row = EmailAddress.objects.create(user=user, email=address, verified=True)
            email_confirmed.send(sender=EmailAddress, request=None, email_address=row)

    def test_what_was_confirmed_is_taken_over(self) -> None:
        self.ask("promise")
        self.confirm()
        self.ask("series")
        self.confirm_address(self.reader, ADDRESS.upper())
        assert self.followed() == {"promise"}
        left = Subscription.objects.get(address=ADDRESS)
        assert (left.target, left.confirmed_at) == ("series", None)

    def test_what_both_followed_stays_one(self) -> None:
        for name in ("promise", "series"):
            self.ask(name)
        self.confirm()
        for name in ("promise", "series"):
            actions.follow(self.reader, name, self.all[name])
        actions.stop(self.reader, "series", self.all["series"])
        self.confirm_address(self.reader)
        assert self.followed() == {"promise", "series"}
        assert Subscription.objects.count() == 2

    def test_an_address_that_is_not_confirmed_brings_nothing(self) -> None:
        self.ask()
        self.confirm()
        EmailAddress.objects.create(user=self.reader, email=ADDRESS, verified=False)
        assert self.followed() == set()
        assert export_of(self.reader)["subscriptions"] == []

    def test_signing_up_with_the_address_takes_it_over(self) -> None:
        self.ask()
        self.confirm()
        form = {"email": ADDRESS, "name": "Pat", "password1": "correct horse battery"}
        self.visitor.post(reverse("account_signup"), form)
        code = re.search(r"^([A-Z0-9-]{6,9})$", str(mail.outbox[-1].body), re.MULTILINE)
        assert code, mail.outbox[-1].body
        self.visitor.post(reverse("account_email_verification_sent"), {"code": code[1]})
        row = Subscription.objects.get()
        assert row.user is not None
        assert row.user.email == ADDRESS
        self.assertContains(self.visitor.get(reverse("following:mine")), "More")


class PurgeTests(ByMail):
    """What nobody confirmed, or was ended, is deleted after thirty days."""

    def test_purge(self) -> None:
        now = timezone.now()
        old, young = now - timedelta(days=31), now - timedelta(days=29)
        rows = {
            "unconfirmed": {"created_at": old},
            "ended": {"created_at": old, "confirmed_at": old, "ended_at": old},
            "asked": {"created_at": young},
            "just-ended": {"created_at": old, "confirmed_at": old, "ended_at": young},
            "follows": {"created_at": old, "confirmed_at": old},
        }
        for name, times in rows.items():
            address = f"{name}@example.org"
            Subscription.objects.create(address=address, target="post", target_id=1, **times)
        with patch.object(limits, "FOLLOWS_DELETED", 1):
            assert [actions.purge(now) for _ in range(3)] == [1, 1, 0]
        left = Subscription.objects.values_list("address", flat=True)
        assert {each.partition("@")[0] for each in left} == {"asked", "just-ended", "follows"}

    def test_asked_for_again_it_waits_as_long_as_its_new_link(self) -> None:
        self.ask()
        rows = Subscription.objects.all()
        rows.update(created_at=timezone.now() - timedelta(days=29))
        self.a_day_later()
        self.ask()
        actions.purge(timezone.now() + timedelta(days=6))
        self.confirm()
        assert self.active() == {"promise"}


class AtOnceTests(TransactionTestCase):
    """Many requests at the same moment."""

    def setUp(self) -> None:
        cache.clear()
        self.post = make_post(make_user("ada", "author"))
        self.url = reverse("following:follow", args=["post", self.post.pk])

    def press(self, client: Client) -> int:
        return client.post(self.url, {"follow": "1"}).status_code

    def test_an_address_that_asks_six_times_is_mailed_once(self) -> None:
        def ask() -> int:
            return Client().post(self.url, {"email": ADDRESS}).status_code

        assert at_once(*[ask] * 6) == [302] * 6
        assert Subscription.objects.count() == 1
        assert len(mail.outbox) == 1

    def test_twenty_accounts_follow_at_once_and_each_once(self) -> None:
        people = [make_user() for _ in range(20)]
        clients = []
        for person in people:
            client = Client()
            client.force_login(person)
            clients.append(client)
        works = [lambda each=each: self.press(each) for each in clients]
        assert at_once(*works) == [302] * 20
        assert Subscription.objects.active().count() == 20

    def test_one_account_that_presses_six_times_follows_once(self) -> None:
        person = make_user()
        clients = [Client() for _ in range(6)]
        for client in clients:
            client.force_login(person)
        works = [lambda each=each: self.press(each) for each in clients]
        assert at_once(*works) == [302] * 6
        assert Subscription.objects.count() == 1

    def test_twenty_presses_at_once_do_not_pass_the_most_one_may_follow(self) -> None:
        """By an account that follows, by one that undoes, and by an address that asks."""
        self.enterContext(patch.object(limits, "FOLLOWED_MAX", 5))
        self.enterContext(patch.object(limits, "FOLLOWS_WAITING", 50))
        person, author = make_user(), self.post.authors.get()
        posts = [make_post(author) for _ in range(20)]
        keys = [Key(post.pk) for post in posts]
        follow = actions.follow
        for key in keys[:4]:
            follow(person, "post", key)
            self.asked(key)
        results = at_once(*[lambda key=key: follow(person, "post", key) for key in keys[4:]])
        refused = [each for each in results if isinstance(each, ActionRefused)]
        assert len(refused) == 15, results
        mine = Subscription.objects.of(person)
        assert mine.active().count() == 5
        mine.update(ended_at=timezone.now())
        for key in keys[5:10]:
            follow(person, "post", key)
        mine.filter(pk__in=mine.active().values_list("pk", flat=True)[:1]).update(
            ended_at=timezone.now()
        )
        ended = list(mine.filter(ended_at__isnull=False).values_list("pk", flat=True))
        at_once(*[lambda pk=pk: actions.resume(mine.filter(pk=pk)) for pk in ended])
        assert mine.active().count() == 5
        # Six, since one place asks ten times in a minute.
        at_once(*[lambda key=key: self.asked(key) for key in keys[4:10]])
        assert Subscription.objects.of_address(ADDRESS).count() == 5

    def asked(self, key: Key) -> None:
        url = reverse("following:follow", args=["post", key.id])
        assert Client().post(url, {"email": ADDRESS}).status_code == 302
