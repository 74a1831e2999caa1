"""Test suspensions and roles."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleGrant, Suspension, User
from comments.models import Comment
from comments.models.moderation import Decision
from comments.moderation import actions
from core import limits
from posts.models import Stance
from tests.factories import make_user
from tests.reauthenticated import reauthenticate

from .cases import Moderated

SETTLED = {"reason": "settled"}
THREE_DAYS = {"length": "3", "reason": "harassing", "note": "Let it rest."}


class SuspensionPermissionTests(Moderated):
    """Moderators suspend readers and authors, admins also moderators, nobody an admin."""

    def statuses(self, person: User) -> set[int]:
        about = person.handle
        return {
            self.get("suspension", about).status_code,
            self.send("suspension", about, THREE_DAYS).status_code,
            self.send("suspension-end", about, SETTLED).status_code,
        }

    def test_visitors_sign_in_first(self) -> None:
        assert self.statuses(self.reader) == {302}

    def test_for_readers_there_is_no_such_page(self) -> None:
        for person in (self.stranger, self.author, self.suspended):
            self.sign_in(person)
            assert self.statuses(self.reader) == {404}
        assert not Decision.objects.exists()

    def test_moderators_suspend_neither_themselves_nor_staff(self) -> None:
        other = make_user("joan", Role.MODERATOR)
        self.sign_in(self.moderator)
        for person in (self.moderator, other, self.admin):
            assert self.statuses(person) == {403}
        assert not Decision.objects.exists()

    def test_admins_suspend_moderators_but_no_admin(self) -> None:
        other = make_user("ivan", Role.ADMIN)
        self.sign_in(self.admin)
        assert self.statuses(self.moderator) == {200, 302}
        for person in (self.admin, other):
            assert self.statuses(person) == {403}

    def test_nobody_is_not_found(self) -> None:
        self.sign_in(self.moderator)
        assert self.get("suspension", "nobody").status_code == 404


class SuspensionTests(Moderated):
    """A suspension with or without an end, its reason, and lifting it."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def suspend(self, **data: str) -> int:
        status: int = self.send("suspension", "robin", {**THREE_DAYS, **data}).status_code
        self.reader.refresh_from_db()
        return status

    def test_a_suspension_has_an_end_a_reason_and_a_log_row(self) -> None:
        assert self.suspend() == 302
        end = timezone.now() + timedelta(days=3)
        assert self.reader.suspended_until is not None
        assert abs(self.reader.suspended_until - end) < timedelta(hours=1)
        (row,) = self.decisions()
        assert (row.action, row.person, row.reason) == ("suspend", self.reader, "harassing")
        assert row.state_before == "free"
        assert row.state_after == f"suspended {row.until:%Y-%m-%dT%H:%M:%SZ}"
        assert row.until == self.reader.suspended_until
        assert row.note.text == "Let it rest."
        assert Suspension.objects.get().ends_at == row.until

    def test_a_suspended_person_writes_nothing_at_their_next_request(self) -> None:
        self.suspend()
        self.sign_in(self.reader)
        answer = reverse("comments:answer", args=[self.post.slug])
        assert self.client.post(answer, {"stance": "same", "body": "Hello"}).status_code == 403

    def test_a_ban_has_no_end_and_takes_the_person_out_of_the_totals(self) -> None:
        assert Stance.objects.get(key="different").answer_count == 1
        assert self.suspend(length="ban") == 302
        assert self.reader.is_banned
        assert Stance.objects.get(key="different").answer_count == 0
        self.send("suspension-end", "robin", SETTLED)
        assert Stance.objects.get(key="different").answer_count == 1
        assert [row.action for row in self.decisions()] == ["ban", "lift"]

    def test_the_ladder_grows_with_every_suspension(self) -> None:
        proposed = []
        for _ in range(5):
            form = self.get("suspension", "robin").context["form"]
            proposed.append(form["length"].value())
            self.suspend()
        assert proposed == ["1", "3", "7", "30", "30"]

    def test_at_most_one_suspension_stands(self) -> None:
        for length in ("1", "30", "ban"):
            self.suspend(length=length)
        assert Suspension.objects.filter(lifted_at__isnull=True).count() == 1

    def test_lifting_twice_changes_nothing(self) -> None:
        self.suspend()
        for _ in range(2):
            assert self.send("suspension-end", "robin", SETTLED).status_code == 302
        self.reader.refresh_from_db()
        assert not self.reader.is_suspended()
        assert [row.action for row in self.decisions()] == ["suspend", "lift"]

    def press_undo(self, *, seconds_late: int) -> Any:
        """Have another moderator suspend for 30 days, and press the undo of that."""
        begun_at = timezone.now() - timedelta(seconds=limits.UNDO_OFFER + seconds_late)
        actions.suspend(self.reader, by=self.admin, days=30, reason="harassing", now=begun_at)
        undo = {"reason": "undone", "seen": str(self.decisions()[-1].pk)}
        response = self.send("suspension-end", "robin", undo)
        self.reader.refresh_from_db()
        return response

    def test_it_is_undone_while_that_is_offered(self) -> None:
        assert self.press_undo(seconds_late=-60).status_code == 302
        assert not self.reader.is_suspended()
        assert not Suspension.objects.exists()

    def test_it_is_ended_later_and_counts(self) -> None:
        """A late undo changes nothing; what ends it leaves the next one longer."""
        response = self.press_undo(seconds_late=60)
        self.assertContains(response, "It is too late to undo this suspension.", status_code=409)
        assert self.reader.is_suspended()
        assert [row.action for row in self.decisions()] == ["suspend"]
        assert self.send("suspension-end", "robin", SETTLED).status_code == 302
        assert Suspension.objects.get().lifted_by == self.moderator
        assert self.get("suspension", "robin").context["form"]["length"].value() == "3"

    def test_what_is_missing_is_asked_for_and_the_note_kept(self) -> None:
        wrong = [{"length": ""}, {"length": "2"}]
        wrong += [{"reason": reason} for reason in ("", "nonsense", "off_topic")]
        for data in wrong:
            page = self.send("suspension", "robin", {**THREE_DAYS, **data})
            self.assertContains(page, "Let it rest.", status_code=422)
        assert self.suspend(reason="other_conduct", note="") == 422
        assert not Decision.objects.exists()

    def test_a_second_click_is_a_success_without_a_second_row(self) -> None:
        seen = str(self.get("suspension", "robin").context["seen"])
        for _ in range(2):
            assert self.suspend(seen=seen) == 302
        assert Decision.objects.count() == 1

    def test_the_second_moderator_is_told_what_the_first_decided(self) -> None:
        actions.suspend(self.reader, by=self.admin, days=1, reason="spam")
        actions.lift_suspension(self.reader, by=self.admin, reason="mistake")
        seen = Decision.objects.get(action="suspend").pk
        page = self.send("suspension", "robin", {**THREE_DAYS, "seen": seen})
        self.assertContains(page, "ines lifted the suspension", status_code=409)
        self.reader.refresh_from_db()
        assert not self.reader.is_suspended()

    def test_what_they_wrote_stays(self) -> None:
        self.suspend(length="ban")
        assert Comment.objects.readable().filter(author=self.reader).count() == 2


class RoleTests(Moderated):
    """The admins' page of roles."""

    def change(self, handle: str, role: str, wish: str = "grant") -> int:
        status: int = self.send("roles", handle, {"role": role, "wish": wish}).status_code
        return status

    def test_it_exists_for_admins_alone(self) -> None:
        assert self.get("people").status_code == 302
        for person in (self.reader, self.author, self.moderator, self.suspended):
            self.sign_in(person)
            assert self.get("people").status_code == 404
            assert self.change("sam", "admin") == 404
        assert not Decision.objects.exists()

    def test_a_role_is_granted_and_taken_away_with_a_log_row_each(self) -> None:
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        for wish in ("grant", "grant", "revoke", "revoke"):
            assert self.change("sam", "moderator", wish) == 302
        assert [(row.action, row.person) for row in self.decisions()] == [
            ("grant", self.stranger),
            ("revoke", self.stranger),
        ]
        assert not RoleGrant.objects.filter(user=self.stranger).exists()

    def test_a_granted_role_works(self) -> None:
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        self.change("sam", "moderator")
        self.sign_in(User.objects.get(handle="sam"))
        assert self.get("moderation").status_code == 200

    def test_nobody_changes_their_own_roles(self) -> None:
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        assert self.change("ines", "admin", "revoke") == 403
        assert self.change("ines", "author") == 403

    def test_the_last_admin_stays(self) -> None:
        make_user("ivan", Role.ADMIN, banned_at=timezone.now())
        with self.assertRaisesMessage(Exception, "the only admin"):
            actions.revoke_role(self.admin, by=None, role=Role.ADMIN)
        assert RoleGrant.objects.filter(user=self.admin, role=Role.ADMIN).exists()

    def test_nonsense_is_refused(self) -> None:
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        assert self.change("sam", "emperor") == 422
        assert self.change("sam", "author", "maybe") == 422
        assert self.change("nobody", "author") == 404
        assert not Decision.objects.exists()

    def test_people_are_found_by_handle_name_and_address(self) -> None:
        make_user("willow", name="Wilma Weide")
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        for asked in ("WILL", "weide", "willow@example.org"):
            page = self.get("people", q=asked)
            assert [row["person"].handle for row in page.context["people"]] == ["willow"]
        self.assertContains(self.get("people", q="xyz"), "No one found")
        assert self.get("people", q="a\0b").status_code == 200

    def test_without_a_question_everyone_with_a_role_is_listed_once(self) -> None:
        self.admin.role_grants.create(role="author")
        self.sign_in(self.admin)
        reauthenticate(self.client, self.admin)
        found = [row["person"].handle for row in self.get("people").context["people"]]
        assert found == ["ada", "ines", "june", "otto"]
