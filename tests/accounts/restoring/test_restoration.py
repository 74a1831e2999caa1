"""The link that puts an account back, and what an intruder with a session makes of it."""

import re
from datetime import timedelta
from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import User
from accounts.restoring import actions
from accounts.restoring.changes import recorded
from accounts.restoring.models import KEPT, AccountSnapshot, SnapshotAddress
from tests.accounts.test_sign_up import code_in_mail
from tests.factories import PASSWORD, make_user
from tests.reauthenticated import client_of

OLD = "robin@example.org"
THIEF = "thief@example.org"
NEW_PASSWORD = "quite another long one"
ADDRESSES = "/accounts/email/"


class RestoringCase(TestCase):
    """An owner, and an intruder who got hold of a session and its last answer."""

    def setUp(self) -> None:
        cache.clear()
        self.person = make_user("robin", email=OLD)
        self.intruder = client_of(self.person)

    def add(self, email: str = THIEF) -> None:
        answer = self.intruder.post(ADDRESSES, {"action_add": "", "email": email})
        self.intruder.post(answer["Location"], {"code": code_in_mail()})

    def act(self, action: str, email: str) -> None:
        self.intruder.post(ADDRESSES, {f"action_{action}": "", "email": email})

    def change_password(self) -> None:
        data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.intruder.post("/accounts/password/change/", data)

    def take_over(self) -> None:
        self.add()
        self.act("primary", THIEF)
        self.act("remove", OLD)
        self.change_password()
        assert self.opened_by() == ({THIEF: True}, THIEF, NEW_PASSWORD)

    def opened_by(self) -> tuple[dict[str, bool], str | None, str]:
        self.person.refresh_from_db()
        rows = EmailAddress.objects.filter(user=self.person, verified=True)
        known = [each for each in (PASSWORD, NEW_PASSWORD) if self.person.check_password(each)]
        return dict(rows.values_list("email", "primary")), self.person.email, *known  # type: ignore[return-value]

    def notices(self, to: str = OLD) -> list[str]:
        found = [str(message.body) for message in mail.outbox if message.to == [to]]
        return [body for body in found if "/restoration/" in body]

    def link(self, which: int = -1) -> str:
        found = re.search(r"(/restoration/\S+)", self.notices()[which])
        assert found
        return found.group(1)


class NoticeTests(RestoringCase):
    """Each change is told to the addresses from before it."""

    def test_an_address_that_is_added(self) -> None:
        self.add()
        [notice] = self.notices()
        self.assertIn(f"{THIEF} was added.", notice)

    def test_each_later_change_goes_to_the_old_address_though_it_is_removed(self) -> None:
        self.take_over()
        said = "\n".join(self.notices())
        for words in (f"goes to {THIEF}", f"{OLD} was removed", "password was changed"):
            self.assertIn(words, said)
        self.assertEqual(len(self.notices()), 4)

    def test_an_address_added_lately_gets_no_link(self) -> None:
        self.take_over()
        self.assertEqual(self.notices(THIEF), [])

    def test_every_verified_address_is_told(self) -> None:
        EmailAddress.objects.create(user=self.person, email="second@example.org", verified=True)
        EmailAddress.objects.create(user=self.person, email="never@example.org")
        self.change_password()
        self.assertEqual([len(self.notices(to)) for to in (OLD, "second@example.org")], [1, 1])
        self.assertEqual(self.notices("never@example.org"), [])

    def test_a_reset_by_mail_is_told(self) -> None:
        visitor = Client()
        visitor.post("/accounts/password/reset/", {"email": OLD})
        found = re.search(r"http://testserver(/\S+/password/reset/\S+)", str(mail.outbox[-1].body))
        assert found
        page = visitor.get(found.group(1))["Location"]
        visitor.post(page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
        self.assertEqual(len(self.notices()), 1)

    def test_a_reset_by_mail_in_the_session_of_the_account_is_told(self) -> None:
        self.intruder.post("/accounts/password/reset/", {"email": OLD})
        found = re.search(r"http://testserver(/\S+/password/reset/\S+)", str(mail.outbox[-1].body))
        assert found
        page = self.intruder.get(found.group(1))["Location"]
        self.intruder.post(page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
        self.assertEqual(self.opened_by()[2], NEW_PASSWORD)
        self.assertEqual(len(self.notices()), 1)
        self.client.post(self.link())
        self.assertEqual(self.opened_by()[2], PASSWORD)

    def test_addresses_from_after_the_first_change_are_told_without_a_link(self) -> None:
        self.add()
        self.change_password()
        told = [message.body for message in mail.outbox if message.to == [THIEF]]
        self.assertIn("password was changed", told[-1])
        self.assertNotIn("/restoration/", told[-1])

    def test_later_changes_do_not_renew_the_link_of_an_address_given_up(self) -> None:
        """The owner leaves a mailbox, and changes the password some days later."""
        self.add("new@example.org")
        self.act("primary", "new@example.org")
        self.act("remove", OLD)
        before = len(self.notices())
        AccountSnapshot.objects.update(as_of=timezone.now() - KEPT)
        self.change_password()
        self.assertEqual(len(self.notices()), before)
        self.assertEqual(len(self.notices("new@example.org")), 1)

    def test_what_changes_nothing_is_not_told(self) -> None:
        self.act("primary", OLD)
        self.act("remove", "nobody@example.org")
        self.assertEqual((self.notices(), AccountSnapshot.objects.count()), ([], 0))

    def test_a_change_that_cannot_be_told_does_not_happen(self) -> None:
        with (
            mock.patch("accounts.adapter.AccountAdapter.send_mail", side_effect=OSError),
            self.assertRaises(OSError),
        ):
            self.change_password()
        self.assertEqual(self.opened_by()[2], PASSWORD)

    def test_a_mailbox_is_not_flooded(self) -> None:
        EmailAddress.objects.create(user=self.person, email="second@example.org", verified=True)
        for round_ in range(60):
            with mock.patch("time.time", return_value=1_900_000_000 + 6 * round_):
                self.act("primary", ("second@example.org", OLD)[round_ % 2])
        self.assertLessEqual(len(self.notices()), 20)

    def test_a_link_holds_no_secret(self) -> None:
        self.change_password()
        hash_ = AccountSnapshot.objects.get().password
        self.assertNotIn(hash_, str([message.message() for message in mail.outbox]))


class RestorationTests(RestoringCase):
    """The page behind the link."""

    def test_reading_the_page_changes_nothing(self) -> None:
        self.take_over()
        page = self.client.get(self.link())
        self.assertContains(page, "@robin")
        self.assertIn("no-store", page["Cache-Control"])
        self.assertEqual(self.opened_by()[1], THIEF)

    def test_any_of_the_links_puts_everything_back(self) -> None:
        for which in range(4):
            with self.subTest(which):
                cache.clear()
                mail.outbox.clear()
                self.take_over()
                self.client.post(self.link(which))
                self.assertEqual(self.opened_by(), ({OLD: True}, OLD, PASSWORD))
                self.intruder = client_of(self.person)

    def test_all_sessions_end_also_those_from_before(self) -> None:
        elsewhere = client_of(self.person)
        self.add()
        self.client.post(self.link())
        for client in (self.intruder, elsewhere):
            self.assertEqual(client.get("/me/notifications/").status_code, 302)

    def test_a_code_to_the_old_address_signs_in(self) -> None:
        self.take_over()
        answer: Any = self.client.post(self.link())
        self.assertEqual(mail.outbox[-1].to, [OLD])
        answer = self.client.post(answer["Location"], {"code": code_in_mail()})
        self.assertIn("/password/change/", answer["Location"])
        self.assertIn("_auth_user_id", self.client.session)

    def test_addresses_that_it_removes_are_told(self) -> None:
        self.take_over()
        self.client.post(self.link())
        told = [str(message.body) for message in mail.outbox if message.to == [THIEF]]
        self.assertIn(f"{THIEF} was removed.", told[-1])

    def test_once(self) -> None:
        self.take_over()
        links = [self.link(which) for which in range(4)]
        self.client.post(links[2])
        for link in links:
            self.assertEqual(self.client.post(link).status_code, 410)
        self.assertEqual(AccountSnapshot.objects.count(), 0)

    def test_for_72_hours_then_nothing_is_stored(self) -> None:
        self.take_over()
        link = self.link()
        late = timezone.now() + KEPT + timedelta(seconds=1)
        with mock.patch("django.utils.timezone.now", return_value=late):
            self.assertEqual(self.client.post(link).status_code, 410)
            self.assertEqual(actions.purge(), 4)
        self.assertFalse(SnapshotAddress.objects.exists())

    def test_nonsense_is_gone_and_other_methods_are_refused(self) -> None:
        self.take_over()
        for token in ("x", "1:x:y", self.link().split("/")[2] + "x"):
            self.assertEqual(self.client.post(f"/restoration/{token}/").status_code, 410)
        self.assertEqual(self.client.put(self.link()).status_code, 405)

    def test_the_form_needs_its_token(self) -> None:
        self.add()
        self.assertEqual(Client(enforce_csrf_checks=True).post(self.link()).status_code, 403)

    def test_a_code_for_an_address_that_went_opens_nothing(self) -> None:
        self.take_over()
        thief = Client()
        answer: Any = thief.post("/accounts/login/code/", {"email": THIEF})
        code = code_in_mail()
        self.client.post(self.link())
        sent = len(mail.outbox)
        thief.post(answer["Location"], {"code": code})
        self.assertNotIn("_auth_user_id", thief.session)
        # Nor does it begin to confirm the address anew, which would open the account next.
        self.assertEqual(len(mail.outbox), sent)
        self.assertFalse(EmailAddress.objects.filter(email=THIEF).exists())

    def test_nobody_signs_up_with_an_address_that_may_come_back(self) -> None:
        self.take_over()
        data = {"email": OLD, "name": "squatter", "password1": NEW_PASSWORD}
        Client().post("/accounts/signup/", data)
        self.assertFalse(EmailAddress.objects.filter(user__handle="squatter", email=OLD).exists())
        self.client.post(self.link())
        self.assertEqual(self.opened_by()[1], OLD)

    def test_an_address_of_another_account_is_left_there(self) -> None:
        self.take_over()
        EmailAddress.objects.create(user=make_user("other"), email=OLD, verified=True)
        page = self.client.post(self.link())
        self.assertContains(page, "another account", status_code=409)
        self.assertEqual(self.opened_by()[1], THIEF)

    def test_an_erased_person_leaves_no_snapshot(self) -> None:
        self.add()
        self.person.erase()
        self.assertFalse(AccountSnapshot.objects.exists())

    def test_a_form_that_waited_for_the_lock_changes_nothing_afterwards(self) -> None:
        self.add()
        stale = User.objects.get(pk=self.person.pk)
        self.client.post(self.link())
        with self.assertRaises(PermissionDenied), recorded(stale):
            stale.set_password(NEW_PASSWORD)
            stale.save()
        self.assertEqual(self.opened_by(), ({OLD: True}, OLD, PASSWORD))

    def test_sessions_of_others_stay(self) -> None:
        other = client_of(make_user("other"))
        self.add()
        self.client.post(self.link())
        self.assertEqual(other.get("/me/notifications/").status_code, 200)
