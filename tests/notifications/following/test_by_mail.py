"""Test following without an account: ask, confirm behind a mailed link, end, and cheating."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client, TransactionTestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.naming import rules
from comments.me.export import export_of
from core import limits
from notifications.deliverability import events
from notifications.deliverability.models import EventKind
from notifications.following import actions, links
from notifications.following.by_mail import mailbox_of
from notifications.models import StoppedAddress, Subscription
from tests.accounts.alike import watched
from tests.at_once import at_once
from tests.factories import make_post, make_user
from tests.notifications.following.test_following import Follows
from tests.test_public_and_personal_pages import TOKEN

ADDRESS = "pat@example.org"
LINK = re.compile(r"https?://[^/]+(/follow/confirm/\S+)")


class ByMail(Follows):
    """Somebody without an account."""

    def setUp(self) -> None:
        super().setUp()
        cache.clear()
        self.visitor = Client()

    def ask(self, name: str = "promise", email: str = ADDRESS, client: Any = None) -> Any:
        return (client or self.visitor).post(self.url(name, self.all[name]), {"email": email})

    def link(self) -> str:
        """Return the path of the link in the newest e-mail."""
        found = LINK.search(str(mail.outbox[-1].body))
        assert found, mail.outbox[-1].body
        return found[1]

    def confirm(self, link: str = "") -> Any:
        link = link or self.link()
        chosen = re.findall(r'name="chosen" value="(\d+)"', self.visitor.get(link).text)
        return self.visitor.post(link, {"chosen": chosen})

    def active(self, address: str = ADDRESS) -> set[str]:
        rows = Subscription.objects.of_address(address).active()
        return set(rows.values_list("target", flat=True))

    def a_day_later(self) -> None:
        cache.clear()
        rows = Subscription.objects.exclude(mailed_at=None)
        rows.update(mailed_at=timezone.now() - timedelta(hours=24, minutes=1))


class WayTests(ByMail):
    """From the link on a public page to the end of following."""

    def test_from_a_page_to_following_and_to_its_end(self) -> None:
        url = self.url("promise", self.all["promise"])
        assert f'href="{url}"' in self.visitor.get(self.post.get_absolute_url()).text
        self.assertContains(self.visitor.get(url), "Send me the link")
        asked = self.visitor.post(url, {"email": ADDRESS}, follow=True)
        self.assertContains(asked, "Check your e-mail")
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


class RefusalTests(ByMail):
    """What is refused, with a sentence, and what was typed is kept."""

    def test_odd_addresses(self) -> None:
        for odd in (
            "",
            "nobody",
            "a@b",
            "a@localhost",
            "a@[127.0.0.1]",
            "a@example.org\nBcc: b@example.org",
            "a\r\n@example.org",
            "a@example.org,b@example.org",
            '"a b"@example.org',
            "a@exa\u202emple.org",
            f"{'a' * 250}@example.org",
        ):
            with self.subTest(odd):
                page = self.ask(email=odd)
                assert page.status_code == 422, page.status_code
                if odd and "\n" not in odd:
                    kept = odd.replace('"', "&quot;")
                    self.assertContains(page, f'value="{kept}"', status_code=422)
        assert not mail.outbox
        assert not Subscription.objects.exists()

    def test_what_is_not_public(self) -> None:
        draft = make_post(self.author, published_at=None)
        url = reverse("following:follow", args=["post", draft.pk])
        assert self.visitor.get(url).status_code == 404
        assert self.visitor.post(url, {"email": ADDRESS}).status_code == 404
        assert not mail.outbox

    def test_what_was_hidden_since_is_not_on_the_page_behind_the_link(self) -> None:
        self.ask("post")
        title, self.post.published_at, self.post.live_revision = self.post.title, None, None
        self.post.save()
        self.assertNotContains(self.visitor.get(self.link()), title)

    def test_too_many_from_one_place(self) -> None:
        for number in range(10):
            assert self.ask(email=f"{number}@example.org").status_code == 302
        page = self.ask(email="last@example.org")
        self.assertContains(page, "last@example.org", status_code=429)
        assert len(mail.outbox) == 10

    def test_an_address_is_mailed_once_a_day_whatever_is_asked(self) -> None:
        for name in self.all:
            self.ask(name, ADDRESS.upper())
        assert len(mail.outbox) == 1
        old = self.link()
        self.a_day_later()
        self.ask()
        assert len(mail.outbox) == 2
        assert self.visitor.get(old).status_code == 410
        assert self.visitor.get(self.link()).status_code == 200

    def test_a_mailbox_is_not_filled_by_other_spellings_of_its_address(self) -> None:
        for spellings in (
            [f"victim+{n}@example.org" for n in range(5)],
            [f"Victim+{n}+x@EXAMPLE.org" for n in range(5)],
        ):
            for email in spellings:
                assert self.ask(email=email).status_code == 302
        assert len(mail.outbox) == 3
        cache.clear()
        mail.outbox.clear()
        for email in ("vic.tim@gmail.com", "v.ictim@gmail.com", "victim@googlemail.com"):
            self.ask(email=email)
        self.ask(email="vi.ctim+1@gmail.com")
        assert len(mail.outbox) == 3
        self.ask(email="somebody.else@gmail.com")
        assert len(mail.outbox) == 4
        assert mailbox_of("a+b@exämple.org") == mailbox_of("A@xn--exmple-cua.org")

    def test_dots_count_where_they_name_other_people(self) -> None:
        for email in ("a.b@example.org", "ab@example.org", "+1@example.org", "+2@example.org"):
            self.ask(email=email)
        assert len(mail.outbox) == 4

    def test_only_so_much_waits_for_an_address(self) -> None:
        self.enterContext(patch.object(limits, "FOLLOWS_WAITING", 2))
        for name in ("promise", "series", "author"):
            assert self.ask(name).status_code == 302
        assert Subscription.objects.count() == 2
        # What others ask for keeps nobody from what they ask for themselves.
        self.confirm()
        assert self.active() == {"promise", "author"}
        assert len(mail.outbox) == 1


class CheatTests(ByMail):
    """Tokens of others, forged and old ones, and guesses which addresses are known."""

    def test_a_link_of_ones_own_confirms_nothing_of_another(self) -> None:
        self.ask("series", "victim@example.org")
        self.ask("promise", "cheat@example.org")
        theirs = Subscription.objects.get(address="victim@example.org")
        self.visitor.post(self.link(), {"chosen": [theirs.pk]})
        assert self.active("victim@example.org") == set()
        self.assertNotContains(self.visitor.get(self.link()), self.series.title)

    def test_forged_and_old_links(self) -> None:
        self.ask()
        link = self.link()
        other = "y" if link[-2] == "x" else "x"
        for forged in ("/follow/confirm/x/", f"{link[:-2]}{other}/", "/follow/confirm/%00/"):
            assert self.visitor.get(forged).status_code == 410
            assert self.visitor.post(forged, {"chosen": "1"}).status_code == 410
        mailed_at = timezone.now() - timedelta(days=7, minutes=1)
        Subscription.objects.update(mailed_at=mailed_at)
        self.assertContains(self.visitor.get(link), "older than a week", status_code=410)
        assert self.visitor.post(link, {"chosen": "1"}).status_code == 410
        assert self.active() == set()

    def test_the_list_of_another_address(self) -> None:
        for address in (ADDRESS, "kim@example.org"):
            self.ask(email=address)
            self.confirm()
        mine, theirs = Subscription.objects.order_by("pk")
        url = links.to_list(mine)
        self.visitor.post(url, {"one": theirs.pk, "follow": "0"})
        assert self.active("kim@example.org") == {"promise"}
        for forged in (url[:-2] + "x/", "/follow/by-mail/1/", "/follow/by-mail/MQ:x/"):
            assert self.visitor.get(forged).status_code == 410
            assert self.visitor.post(forged, {"one": mine.pk, "follow": "0"}).status_code == 410
        assert self.active() == {"promise"}

    def test_the_list_does_not_confirm(self) -> None:
        self.ask()
        row = Subscription.objects.get()
        self.visitor.post(links.to_list(row), {"one": row.pk, "follow": "1"})
        assert self.active() == set()

    @override_settings(EMAIL_BACKEND="notifications.mail.QueuedBackend")
    def test_neither_answer_nor_work_tells_which_addresses_are_known(self) -> None:
        now = timezone.now()
        follows = {"target": "promise", "target_id": self.promise.pk}
        Subscription.objects.create(address="follows@example.org", confirmed_at=now, **follows)
        Subscription.objects.create(address="ended@example.org", ended_at=now, **follows)
        Subscription.objects.create(
            address="patient@example.org", token_hash="x", mailed_at=now, **follows
        )
        actions.follow(self.stranger, "promise", self.all["promise"])
        seen = []
        known = ("follows", "ended", "patient", self.reader.handle, self.stranger.handle)
        self.ask(email="warm@example.org")
        for name in ("nobody", *known):
            cache.clear()
            with watched() as each:
                client = Client()
                each.add(self.ask(email=f"{name}@example.org", client=client), name)
                each.add(client.get(reverse("following:asked")), name)
            seen.append(each)
        for other, name in zip(seen[1:], known, strict=True):
            with self.subTest(name):
                self.assertEqual(seen[0], other)

    def test_public_pages_have_no_form(self) -> None:
        for url in (self.post.get_absolute_url(), self.series.get_absolute_url()):
            assert not TOKEN.search(Client().get(url).text)


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
