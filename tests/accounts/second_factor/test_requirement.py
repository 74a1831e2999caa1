"""Test that staff need a second factor: the time of grace, what waits after it, who is exempt."""

from datetime import datetime, timedelta
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import KeptForm, Role, RoleGrant, User
from accounts.second_factor.requirement import GRACE
from comments.actions import states
from comments.models import CommentState
from tests.accounts.second_factor.devices import FACTORS, add_app, add_passkey, confirm, new_client
from tests.accounts.second_factor.devices import sign_in as type_password
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_user

BANNER = 'id="second-factor-due"'
DESK = "/moderation/"
STAFF_PAGES = (DESK, "/moderation/log/", "/moderation/people/", "/moderation/jobs/")


class RequirementTests(Cast):
    """The cast, whose moderator and admin have no second factor."""

    def client_of(self, person: User) -> Client:
        client = new_client()
        client.force_login(person)
        return client

    def let_grace_pass(self, past: timedelta = timedelta(seconds=1)) -> None:
        RoleGrant.objects.update(grace_from=timezone.now() - GRACE - past)

    def test_a_new_grant_gives_a_week_and_a_banner_says_so(self) -> None:
        client = self.client_of(self.moderator)
        for page in (DESK, "/me/notifications/", "/", self.post.get_absolute_url()):
            with self.subTest(page):
                answer = client.get(page)
                self.assertContains(answer, BANNER)
        due: datetime = client.get(DESK).context["user"].second_factor_due
        grant = RoleGrant.objects.get(user=self.moderator)
        self.assertEqual(due, grant.grace_from + GRACE)
        self.assertLess(abs(grant.grace_from - timezone.now()), timedelta(hours=1))

    def test_until_the_last_moment_staff_work(self) -> None:
        self.let_grace_pass(-timedelta(minutes=1))
        self.assertEqual(self.client_of(self.moderator).get(DESK).status_code, 200)

    def test_afterwards_every_staff_page_leads_to_where_one_is_added(self) -> None:
        self.let_grace_pass()
        client = self.client_of(self.admin)
        for page in (*STAFF_PAGES, "/studio/", "/studio/posts/new/"):
            with self.subTest(page):
                self.assertRedirects(client.get(page), FACTORS)
        self.assertRedirects(self.client_of(self.moderator).get(DESK), FACTORS)

    def test_no_decision_is_made(self) -> None:
        comment = make_comment(self.post, self.stranger)
        self.let_grace_pass()
        client = self.client_of(self.moderator)
        for route, key in (
            ("comments:removal", comment.pk),
            ("comments:lock", comment.pk),
            ("comments:suspension", self.stranger.handle),
        ):
            answer = client.post(reverse(route, args=[key]), {"reason": "spam", "length": "1"})
            self.assertRedirects(answer, FACTORS, fetch_redirect_response=False)
        comment.refresh_from_db()
        self.assertEqual(comment.state, CommentState.PUBLISHED)
        answer = self.client_of(self.admin).post(
            reverse("comments:roles", args=[self.stranger.handle]), {"role": "admin", "held": "1"}
        )
        self.assertRedirects(answer, FACTORS, fetch_redirect_response=False)
        self.assertEqual(User.objects.get(pk=self.stranger.pk).roles, frozenset())

    def test_they_read_and_write_as_readers(self) -> None:
        held = make_comment(self.post, self.stranger, body="Still to be approved.")
        states.change_state(held, to=CommentState.HELD, held_reason="links")
        draft = make_post(self.author, published_at=None)
        self.let_grace_pass()
        for person in (self.moderator, self.admin):
            with self.subTest(person.handle):
                client = self.client_of(person)
                page = client.get(self.post.get_absolute_url())
                self.assertContains(page, BANNER)
                self.assertNotContains(page, "Still to be approved.")
                self.assertNotContains(page, DESK)
                text = reverse("comments:text", args=[held.pk])
                self.assertEqual(client.get(text).status_code, 404)
                self.assertEqual(client.get(draft.get_absolute_url()).status_code, 404)
                data = {"body": "As anybody might say.", "stance": "same"}
                answer = client.post(reverse("comments:answer", args=[self.post.slug]), data)
                self.assertEqual(answer.status_code, 302)

    def test_their_other_roles_stay(self) -> None:
        self.moderator.role_grants.create(role=Role.AUTHOR)
        self.let_grace_pass()
        self.assertEqual(self.client_of(self.moderator).get("/studio/").status_code, 200)

    def test_readers_and_authors_need_none(self) -> None:
        self.let_grace_pass()
        for person in (self.reader, self.author):
            answer = self.client_of(person).get("/me/notifications/")
            self.assertNotContains(answer, BANNER)
        self.assertEqual(self.client_of(self.reader).get(DESK).status_code, 404)

    def test_adding_one_ends_the_wait(self) -> None:
        for person, add in ((self.moderator, add_app), (self.admin, add_passkey)):
            self.let_grace_pass()
            cache.clear()
            client = new_client()
            type_password(client, str(person.email))
            self.assertRedirects(client.get(DESK), FACTORS)
            confirm(client)
            add(client)
            answer = client.get(DESK)
            self.assertEqual(answer.status_code, 200)
            self.assertNotContains(answer, BANNER)

    def test_removing_it_begins_the_wait_again(self) -> None:
        client = new_client()
        type_password(client, str(self.moderator.email))
        confirm(client)
        add_app(client)
        self.let_grace_pass()
        client.post("/accounts/2fa/totp/deactivate/")
        self.assertRedirects(client.get(DESK), FACTORS)

    def test_demonstration_accounts_are_exempt(self) -> None:
        guide = make_user("guide", Role.ADMIN, is_demo=True)
        self.let_grace_pass()
        answer = self.client_of(guide).get(DESK)
        self.assertEqual(answer.status_code, 200)
        self.assertNotContains(answer, BANNER)

    @override_settings(REQUIRE_STAFF_MFA=False)
    def test_the_site_may_do_without(self) -> None:
        self.let_grace_pass()
        answer = self.client_of(self.moderator).get(DESK)
        self.assertEqual(answer.status_code, 200)
        self.assertNotContains(answer, BANNER)

    def test_a_form_that_leads_away_is_kept(self) -> None:
        comment = make_comment(self.post, self.stranger)
        page = reverse("comments:removal", args=[comment.pk])
        self.let_grace_pass()
        client = new_client()
        type_password(client, str(self.moderator.email))
        client.post(page, {"reason": "spam", "note": "Three links to a shop."})
        kept = KeptForm.objects.get()
        self.assertEqual((kept.person, kept.path), (self.moderator, page))
        self.assertIn("Three links to a shop.", kept.typed)

    def test_who_has_a_role_is_shown_whatever_waits(self) -> None:
        """The list of people names grants, or nobody could take one back."""
        keeper = make_user("keeper", Role.ADMIN, is_demo=True)
        self.let_grace_pass()
        page = self.client_of(keeper).get("/moderation/people/")
        self.assertContains(page, self.moderator.get_absolute_url())

    def test_it_costs_no_query(self) -> None:
        for person in (self.reader, self.moderator):
            client = self.client_of(person)
            client.get("/about/")
            with self.assertNumQueries(4):  # session, person, roles, unread answers
                client.get("/about/")


class UpgradeTests(Cast):
    """Grants from before there was a second factor."""

    def test_their_week_begins_with_the_upgrade(self) -> None:
        """The database fills the column in, also for code that does not know it."""
        field = RoleGrant._meta.get_field("grace_from")
        self.assertIs(field.has_db_default(), True)
        migration = import_module("accounts.migrations.0006_second_factor_grace").Migration
        [operation] = migration.operations
        self.assertIs(operation.field.has_db_default(), True)
        self.assertIn("allauth.mfa", settings.INSTALLED_APPS)
        self.assertIs(apps.is_installed("allauth.mfa"), True)
