"""Test what is refused to followers without an account, and what cheating brings them."""

from datetime import timedelta
from unittest.mock import patch

from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from core import limits
from notifications.addresses import mailbox_of
from notifications.following import actions, links
from notifications.models import Subscription
from tests.accounts.alike import watched
from tests.factories import make_post
from tests.test_public_and_personal_pages import TOKEN

from .by_mail import ADDRESS, ByMail


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
