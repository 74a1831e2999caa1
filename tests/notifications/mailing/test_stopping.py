"""Test the link in a mail: RFC 8058, and what a stranger may try with it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.kinds import Way
from notifications.mailing import scopes, ways
from notifications.mailing.scopes import MailLink
from notifications.models import Subscription

from .mailbox import Mailbox, headers_of, html_of, run_worker

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
UNDO = re.compile(r'action="(/mail/[^"]+)"><input type="hidden" name="way" value="soon"')


class StoppingTests(Mailbox):
    """A mail arrived; its receiver has had enough."""

    def setUp(self) -> None:
        super().setUp()
        # As a mail program: no cookie, no token against forgery.
        self.program = Client(enforce_csrf_checks=True)

    def address(self) -> str:
        """Return the address that a mail program posts to."""
        self.reply()
        (message,) = self.after()
        found = re.fullmatch(r"<http://testserver(/.+)>", headers_of(message)["List-Unsubscribe"])
        assert found
        return found[1]

    def link(self, scope: str, person: int | None = None) -> str:
        link = MailLink(self.reader.pk if person is None else person, scope)
        return reverse("notifications:mail-stop", args=[scopes.token_of(link)])

    def test_one_click_ends_it_and_a_second_says_that_it_is_so(self) -> None:
        address = self.address()
        first = self.program.post(address, ONE_CLICK)
        assert first.status_code == 200
        assert "You get no more of these" in first.text
        again = self.program.post(address, ONE_CLICK)
        assert again.status_code == 200
        assert "Nothing to change" in again.text
        self.reply("One more.")
        assert self.after() == []

    def test_looking_changes_nothing(self) -> None:
        address = self.address()
        for method in (self.program.get, self.program.head):
            answer = method(address)
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
            assert "Set-Cookie" not in answer
        assert "Nothing changes until you press a button" in self.program.get(address).text
        assert ways.choices_of(self.reader) == {}
        self.reply("One more.")
        assert len(self.after()) == 1

    def test_only_what_the_mail_is_about_ends(self) -> None:
        self.program.post(self.link("group:minds"), ONE_CLICK)
        assert ways.choices_of(self.reader) == {"group:minds": "none"}
        assert ways.choices_of(self.stranger) == {}
        self.reply()
        assert len(self.after()) == 1

    def test_once_a_day_instead_and_undone(self) -> None:
        address = self.address()
        page = self.program.get(f"{address}?way=daily").text
        assert "Once a day instead" in page
        self.program.post(address, {"way": "daily"})
        assert ways.choices_of(self.reader) == {"group:replies": "daily"}
        self.program.post(address, {"way": "soon"})
        self.reply("One more.")
        assert len(self.after()) == 1

    def test_several_groups_of_one_mail_end_together(self) -> None:
        self.program.post(self.link("group:decisions+replies"), ONE_CLICK)
        assert ways.choices_of(self.reader) == {"group:decisions": "none", "group:replies": "none"}

    def test_a_kind_with_a_way_of_its_own_ends_alone(self) -> None:
        """Else a press would end the group, and what the mail is about would come again."""
        ways.choose(self.reader, "kind:reply", Way.SOON)
        address = self.address()
        asked = self.program.get(address).text
        assert "This e-mail is about: Replies to me." in asked
        self.program.post(address, ONE_CLICK)
        assert ways.choices_of(self.reader) == {"kind:reply": "none"}
        self.reply("One more.")
        assert self.after() == []
        self.program.post(address, {"way": "soon"})
        assert ways.choices_of(self.reader) == {"kind:reply": "soon"}

    def test_one_article(self) -> None:
        self.program.post(self.link(f"post:{self.post.pk}"), ONE_CLICK)
        self.reply()
        assert self.after() == []

    def test_a_forged_or_cut_link_gets_a_kind_page(self) -> None:
        right = self.address()
        token = right.split("/")[2]
        of_another = scopes.token_of(MailLink(self.stranger.pk, "group:replies"))
        forged = f"{of_another.split(':')[0]}:{token.split(':')[1]}"
        for wrong in (token[:-1], token[1:], forged, "x", "a:b", "\N{GREEK SMALL LETTER MU}"):
            for method in (self.program.get, self.program.post):
                answer = method(reverse("notifications:mail-stop", args=[wrong]))
                assert answer.status_code == 404
                assert "This link does not work" in answer.text
        assert ways.choices_of(self.reader) == ways.choices_of(self.stranger) == {}

    def test_scopes_that_are_none(self) -> None:
        for scope in ("group:nonsense", "author:1", "", "post:x", "follow:1"):
            answer = self.program.post(self.link(scope), ONE_CLICK)
            assert answer.status_code in (200, 404)
        for scope in ("follow:1", "follow:x", "group:replies"):
            assert self.program.post(self.link(scope, 0), ONE_CLICK).status_code == 404

    def test_an_unknown_way_ends_it(self) -> None:
        self.program.post(self.link("group:replies"), {"way": "hourly"})
        assert ways.choices_of(self.reader) == {"group:replies": "none"}

    def test_other_methods(self) -> None:
        for method in (self.program.put, self.program.delete):
            assert method(self.link("group:replies")).status_code == 405

    def test_an_erased_account(self) -> None:
        self.reader.erase()
        assert self.program.post(self.link("group:replies"), ONE_CLICK).status_code == 404

    def test_what_an_address_follows(self) -> None:
        held, other = (
            Subscription.objects.create(
                address=f"{name}@example.org",
                target="post",
                target_id=self.post.pk,
                confirmed_at=timezone.now(),
            )
            for name in ("one", "other")
        )
        link = self.link(f"follow:{held.pk}", 0)
        for said in ("You get no more of these", "Nothing to change"):
            assert said in self.program.post(link, ONE_CLICK).text
        held.refresh_from_db()
        other.refresh_from_db()
        assert (held.is_active, other.is_active) == (False, True)
        self.program.post(link, {"way": "soon"})
        held.refresh_from_db()
        assert held.is_active


class GatheredTests(Mailbox):
    """An address without an account follows an article and one of its answers: one mail."""

    def setUp(self) -> None:
        super().setUp()
        self.program = Client(enforce_csrf_checks=True)
        self.article, self.answer = self.follows(), self.follows("same")

    def follows(self, detail: str = "") -> Subscription:
        return Subscription.objects.create(
            address="pat@example.org",
            target="stance" if detail else "post",
            target_id=self.post.pk,
            detail=detail,
            confirmed_at=timezone.now(),
        )

    def mailed(self) -> Any:
        """Return the mail about a comment that gives the answer, and about one that does not."""
        for key in ("same", "different"):
            self.write(self.stranger, stance=self.stances[key], body=f"Words for {key}.")
        run_worker()
        (message,) = (each for each in self.after() if each.to == ["pat@example.org"])
        for key in ("same", "different"):
            assert f"Words for {key}." in message.body
        return message

    def active(self) -> tuple[bool, bool]:
        rows = Subscription.objects.in_bulk([self.article.pk, self.answer.pk])
        return rows[self.article.pk].is_active, rows[self.answer.pk].is_active

    def one_click(self, message: Any) -> str:
        address = str(headers_of(message)["List-Unsubscribe"])
        return address.strip("<>").removeprefix("http://testserver")

    def test_the_mail_program_ends_all_that_the_mail_is_about_and_the_page_undoes_it(self) -> None:
        address = self.one_click(self.mailed())
        asked = self.program.get(address).text
        assert self.post.title in asked
        assert "“Same”" in asked
        page = self.program.post(address, ONE_CLICK).text
        assert self.active() == (False, False)
        assert "Nothing to change" in self.program.post(address, ONE_CLICK).text
        undo = UNDO.search(page)
        assert undo
        self.program.post(undo[1], {"way": "soon"})
        assert self.active() == (True, True)

    def test_the_foot_ends_each_by_itself(self) -> None:
        message = self.mailed()
        for text in (message.body, html_of(message)):
            assert len(re.findall("No more about “", text)) == 2
        about = re.findall(r"No more about “(.+)”: http://testserver(\S+)", message.body)
        assert len(about) == 2
        [address] = [address for title, address in about if "Same" in title]
        self.program.post(address, {"way": "none"})
        assert self.active() == (True, False)

    def test_the_undo_leaves_what_was_ended_before(self) -> None:
        address = self.one_click(self.mailed())
        self.program.post(self.alone(self.answer), ONE_CLICK)
        page = self.program.post(address, ONE_CLICK).text
        assert self.active() == (False, False)
        undo = UNDO.search(page)
        assert undo
        self.program.post(undo[1], {"way": "soon"})
        assert self.active() == (True, False)

    def alone(self, followed: Subscription) -> str:
        link = MailLink(0, scopes.of_subscription(followed.pk))
        return reverse("notifications:mail-stop", args=[scopes.token_of(link)])

    def test_one_alone_has_one_link(self) -> None:
        Subscription.objects.filter(pk=self.answer.pk).delete()
        message = self.mailed()
        assert "No more about" not in message.body
        self.program.post(self.one_click(message), ONE_CLICK)
        self.article.refresh_from_db()
        assert not self.article.is_active

    def test_scopes_that_name_nothing(self) -> None:
        for scope in ("follow:", "follow:+", "follow:x+y", f"follow:{2**70}"):
            token = scopes.token_of(MailLink(0, scope))
            address = reverse("notifications:mail-stop", args=[token])
            assert self.program.post(address, ONE_CLICK).status_code == 404
