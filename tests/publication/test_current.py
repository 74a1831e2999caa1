"""Test that every process shows the newest profile, without queries of its own."""

from unittest import mock

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from publication import current, saving
from publication.models import SiteProfile
from tests.factories import make_user

LONG = "x" * 300


class CurrentProfileTests(TestCase):
    """One process that saves, and another that learns of it."""

    def save(self, **values: object) -> SiteProfile:
        newest = saving.newest()
        return saving.save_profile(values, based_on=newest.number, by=make_user())

    def test_a_public_page_costs_no_query_more_and_shows_a_change_of_another_process(self) -> None:
        Client().get("/about/")
        with CaptureQueriesContext(connection) as queries:
            self.assertContains(Client().get("/about/"), "About Counterpoint")
        self.assertEqual(len(queries), 1)
        before = current.current()
        self.save(name="The Rota", time_zone="Europe/Dublin")
        current.know(before)  # as another process does
        self.assertContains(Client().get("/about/"), "About The Rota")
        with CaptureQueriesContext(connection) as queries:
            page = Client().get("/about/")
        self.assertNotContains(page, "About Counterpoint")
        self.assertEqual(len(queries), 1)

    def test_other_pages_ask_after_a_moment(self) -> None:
        known = current.current()
        self.save(name="The Rota")
        current.know(known)
        self.assertContains(self.client.get("/accounts/login/"), known.name)
        with override_settings(PROFILE_CHECK_SECONDS=0):
            self.assertContains(self.client.get("/accounts/login/"), "The Rota")

    def test_a_failing_database_leaves_the_last_known_name(self) -> None:
        self.save(name="The Rota")
        with mock.patch.object(current, "newest_number", side_effect=OperationalError):
            self.assertEqual(current.last_known().name, "The Rota")
            current.know(None)
            self.assertEqual(current.last_known().name, "testserver")
            current.activate_last_known()

    @override_settings(PROFILE_FROM_ENVIRONMENT={"name": ("SITE_NAME", "From outside")})
    def test_what_the_environment_sets_wins(self) -> None:
        self.save(tagline="From inside")
        shown = current.current()
        self.assertEqual((shown.name, shown.tagline), ("From outside", "From inside"))
        self.assertEqual(saving.newest().name, "Counterpoint")

    def test_a_preview_is_shown_within_its_block_only(self) -> None:
        with current.showing(SiteProfile(name="Not saved")):
            self.assertEqual(current.current().name, "Not saved")
        self.assertEqual(current.current().name, "Counterpoint")

    def test_the_database_refuses_what_no_profile_may_be(self) -> None:
        self.save(name="The Rota")
        wrong: tuple[dict[str, object], ...] = (
            {"number": 1},
            {"number": 0},
            {"name": ""},
            {"name": LONG},
            {"tagline": LONG},
            {"typefaces": "comic"},
        )
        for values in wrong:
            with self.subTest(**values), pytest.raises(DatabaseError), transaction.atomic():
                SiteProfile.objects.create(**{"number": 2, **values})
