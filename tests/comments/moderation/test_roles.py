"""Test what a new role does to the names of others, and how it is undone."""

from datetime import timedelta
from io import StringIO
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts import actions as account_actions
from accounts.models import Role, RoleGrant, User
from accounts.second_factor import requirement
from comments.integrity import faults
from comments.me.erasure import erase
from comments.models.moderation import Decision
from comments.moderation import actions, sentences
from comments.moderation.actions.roles import GRACE_AGAIN
from core.exceptions import ActionRefused
from core.text import look
from notifications.models import Notification
from tests.at_once import at_once
from tests.factories import make_user
from tests.reauthenticated import client_of

from .cases import Moderated


def grant(*arguments: str) -> None:
    """Run `manage.py grant`."""
    call_command("grant", *arguments, stdout=StringIO())


class HiddenNameTests(Moderated):
    """A name that looks like that of a new role-holder is hidden, and its owner is told."""

    def setUp(self) -> None:
        self.chosen = make_user("kim.lee", name="Kim Lee")
        self.double = make_user("k-l-33", name="Kіm Lее")
        self.like_handle = make_user("zara", name="KIM.LEE")
        self.other = make_user("tess", name="Tess Hill")

    def shown(self) -> list[str]:
        people = (self.chosen, self.double, self.like_handle, self.other)
        for person in people:
            person.refresh_from_db()
        return [person.display_name for person in people]

    def test_they_are_shown_by_their_handles_from_then_on(self) -> None:
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        assert self.shown() == ["Kim Lee", "k-l-33", "zara", "Tess Hill"]
        assert self.double.name == "Kіm Lее"

    def test_the_command_does_the_same(self) -> None:
        grant("kim.lee", "moderator")
        assert self.shown() == ["Kim Lee", "k-l-33", "zara", "Tess Hill"]

    def test_the_command_says_whose_names_it_hid(self) -> None:
        said = StringIO()
        call_command("grant", "kim.lee", "moderator", stdout=said)
        lines = said.getvalue().splitlines()
        assert lines[0] == "kim.lee has the role moderator now."
        assert [line.split(" is hidden")[0] for line in lines[1:]] == [
            'The name "Kіm Lее" of k-l-33',
            'The name "KIM.LEE" of zara',
        ]
        for again in (["kim.lee", "moderator"], ["tess", "author"]):
            said = StringIO()
            call_command("grant", *again, stdout=said)
            assert len(said.getvalue().splitlines()) == 1

    def test_a_name_that_is_alike_without_its_signs_is_hidden(self) -> None:
        for name in ("@Kim.Lee", "Kim-Lee!"):
            User.objects.filter(pk=self.other.pk).update(name=name, name_look=look(name))
            hidden = actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
            self.other.refresh_from_db()
            assert self.other.display_name == self.other.handle, hidden
            actions.revoke_role(self.chosen, by=self.admin, role=Role.AUTHOR)
            self.other.refresh_from_db()
            assert self.other.display_name == name

    def test_the_page_of_people_does_the_same(self) -> None:
        self.client = client_of(self.admin)
        self.send("roles", "kim.lee", {"role": "author", "wish": "grant"})
        assert self.shown() == ["Kim Lee", "k-l-33", "zara", "Tess Hill"]

    def test_each_is_told_once_on_their_page(self) -> None:
        for role in (Role.AUTHOR, Role.AUTHOR, Role.MODERATOR):
            actions.grant_role(self.chosen, by=self.admin, role=role)
        told = Notification.objects.filter(kind="name_hidden")
        assert {row.recipient_id for row in told} == {self.double.pk, self.like_handle.pk}
        assert told.count() == 2
        self.sign_in(self.double)
        page = self.get("me")
        self.assertContains(page, "looks like that of an author or moderator")
        self.assertContains(page, reverse("people:handle"))
        self.assertContains(self.client.get(reverse("people:handle")), "is not shown")
        self.client.post(reverse("comments:me-read"), {"newest": told[0].pk + 9})
        assert not self.double.notifications.unread().exists()
        self.sign_in(self.other)
        self.assertNotContains(self.get("me"), "looks like that of an author")

    def test_the_new_role_holder_gives_way_to_one_who_has_that_name(self) -> None:
        self.author.name = "Kim Lee"
        self.author.save()
        actions.grant_role(self.double, by=self.admin, role=Role.AUTHOR)
        assert self.shown()[1] == "k-l-33"
        assert User.objects.get(pk=self.author.pk).display_name == "Kim Lee"
        assert Notification.objects.filter(recipient=self.double, kind="name_hidden").exists()

    def test_the_new_role_holder_gives_way_to_a_handle_and_a_reserved_word(self) -> None:
        for name in ("Tess", "Moderator"):
            person = make_user("", name=name)
            actions.grant_role(person, by=self.admin, role=Role.AUTHOR)
            person.refresh_from_db()
            assert person.display_name == person.handle

    def test_another_name_is_shown(self) -> None:
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        account_actions.change_names(self.double, handle="k-l-33", name="Kay Lorne")
        assert self.shown()[1] == "Kay Lorne"
        assert self.double.name_hidden_at is None

    def test_a_hidden_name_may_stay_while_the_handle_changes(self) -> None:
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        account_actions.change_names(self.double, handle="kaylo", name=self.double.name)
        assert self.shown()[1] == "kaylo"

    def test_it_is_undone_when_the_role_is_revoked(self) -> None:
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        actions.grant_role(self.chosen, by=self.admin, role=Role.MODERATOR)
        actions.revoke_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        assert self.shown()[1] == "k-l-33"
        grant("kim.lee", "moderator", "--revoke")
        assert self.shown() == ["Kim Lee", "Kіm Lее", "KIM.LEE", "Tess Hill"]

    def test_it_is_undone_when_the_role_holder_is_called_otherwise_or_erased(self) -> None:
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        account_actions.change_names(self.chosen, handle="kim.lee", name="Kim Leeward")
        assert self.shown()[1:3] == ["k-l-33", "zara"]
        erase(User.objects.get(pk=self.chosen.pk), delete_texts=False)
        assert self.shown()[1:3] == ["Kіm Lее", "KIM.LEE"]

    def test_public_pages_show_it_at_once(self) -> None:
        url = self.double.get_absolute_url()
        self.assertContains(self.client.get(url), "<bdi>Kіm Lее</bdi>")
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        self.assertNotContains(self.client.get(url), "Kіm Lее")

    def test_the_stored_data_agree_throughout(self) -> None:
        assert list(faults()) == []
        actions.grant_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        assert list(faults()) == []
        actions.revoke_role(self.chosen, by=self.admin, role=Role.AUTHOR)
        assert list(faults()) == []


class CommandLineTests(Moderated):
    """Roles given where nobody is signed in: the log says so."""

    def test_the_row_says_that_it_came_from_the_command_line(self) -> None:
        grant("robin", "author")
        grant("robin", "author")
        grant("robin", "moderator")
        grant("robin", "author", "--revoke")
        rows = self.decisions()
        assert [(row.action, row.state_before, row.state_after, row.by) for row in rows] == [
            ("grant", "reader", "author", None),
            ("grant", "author", "author+moderator", None),
            ("revoke", "author+moderator", "moderator", None),
        ]
        said = sentences.decided(rows[0])
        assert said.startswith("Somebody at the command line of the server gave this person")
        self.sign_in(self.admin)
        page = self.get("log")
        self.assertContains(page, "Somebody at the command line of the server")
        self.assertContains(page, "no role → author")

    def test_createsuperuser_writes_a_row_and_hides_names(self) -> None:
        double = make_user("vera-o", name="Boss Vera")
        with mock.patch.dict("os.environ", DJANGO_SUPERUSER_PASSWORD="correct horse battery"):
            call_command(
                "createsuperuser",
                "--noinput",
                email="v@example.org",
                handle="bossvera",
                stdout=StringIO(),
            )
        (row,) = self.decisions()
        assert (row.action, row.state_after, row.by) == ("grant", "admin", None)
        double.refresh_from_db()
        assert double.display_name == "vera-o"

    def test_the_last_admin_stays(self) -> None:
        with self.assertRaisesMessage(CommandError, "the only admin"):
            grant("ines", "admin", "--revoke")
        assert not Decision.objects.exists()

    def test_an_admin_who_cannot_act_does_not_count_as_another(self) -> None:
        other = make_user("otho", Role.ADMIN)
        User.objects.filter(pk=other.pk).update(suspended_until=timezone.now() + timedelta(days=1))
        with self.assertRaisesMessage(CommandError, "the only admin"):
            grant("ines", "admin", "--revoke")
        User.objects.filter(pk=other.pk).update(suspended_until=None)
        late = timezone.now() - requirement.GRACE
        RoleGrant.objects.filter(user=other).update(grace_from=late)
        with self.assertRaisesMessage(CommandError, "the only admin"):
            grant("ines", "admin", "--revoke")
        with self.assertRaisesMessage(ActionRefused, "the only admin"):
            erase(self.admin, delete_texts=False)
        grant("otho", "admin", "--revoke")  # the other way round there is one left
        grant("ines", "author")
        RoleGrant.objects.filter(user=other).delete()
        grant("otho", "admin")
        grant("ines", "admin", "--revoke")
        assert not User.objects.get(handle="ines").role_grants.filter(role="admin").exists()

    def test_a_role_granted_again_gives_no_new_time_for_a_second_factor(self) -> None:
        begin = timezone.now() - timedelta(days=60)
        actions.grant_role(self.reader, by=self.admin, role=Role.AUTHOR, now=begin)
        for day in (0, 6, 12):
            now = begin + timedelta(days=day)
            actions.grant_role(self.reader, by=self.admin, role=Role.MODERATOR, now=now)
            actions.grant_role(self.reader, by=self.admin, role=Role.ADMIN, now=now)
            grants = RoleGrant.objects.filter(user=self.reader).exclude(role=Role.AUTHOR)
            assert {grant.grace_from for grant in grants} == {begin}, day
            for role in (Role.MODERATOR, Role.ADMIN):
                actions.revoke_role(self.reader, by=self.admin, role=role, now=now)
        much_later = begin + timedelta(days=12) + GRACE_AGAIN
        actions.grant_role(self.reader, by=self.admin, role=Role.ADMIN, now=much_later)
        assert RoleGrant.objects.get(user=self.reader, role="admin").grace_from == much_later

    def test_nobody_else_decides_nameless(self) -> None:
        from django.db import IntegrityError, transaction

        for about in ({"comment": self.quiet}, {"person": self.reader}):
            values: dict[str, Any] = {"action": "restore", **about}
            with self.assertRaises(IntegrityError), transaction.atomic():
                Decision.objects.create(**values)


class AtOnceTests(TransactionTestCase):
    """A name and a role at the same time."""

    def test_a_reader_cannot_take_the_name_of_someone_who_becomes_an_author(self) -> None:
        admin = make_user("ines", Role.ADMIN)
        chosen = make_user("kim.lee", name="Kim Lee")
        readers = [make_user(f"reader-{letter}") for letter in "abcde"]
        outcomes = at_once(
            lambda: actions.grant_role(chosen, by=admin, role=Role.AUTHOR),
            *(
                lambda reader=reader: account_actions.change_names(
                    reader, handle=reader.handle, name="Kim Lee"
                )
                for reader in readers
            ),
        )
        assert all(
            isinstance(outcome, ActionRefused) or not isinstance(outcome, Exception)
            for outcome in outcomes
        )
        assert RoleGrant.objects.filter(user=chosen).exists()
        shown = [person.display_name for person in User.objects.filter(name_look=look("Kim Lee"))]
        assert shown.count("Kim Lee") == 1
        assert list(faults()) == []


class StaffPageTests(Moderated):
    """Pages of staff add the handle to a name, which others may have too."""

    def test_they_name_people_by_both(self) -> None:
        for person, name in ((self.reader, "Alex Kim"), (self.stranger, "Alex Kim")):
            person.name = name
            person.save()
        actions.suspend(self.reader, by=self.admin, days=1, reason="attacks")
        self.sign_in(self.admin)
        for page in (
            self.get("moderation-case", self.flagged.pk),
            self.get("moderation"),
            self.get("log"),
        ):
            self.assertContains(page, "<bdi>Alex Kim</bdi>")
            self.assertContains(page, '<span class="meta">@robin</span>')
