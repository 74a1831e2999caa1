"""Test the error pages for failing code and a failing database."""

from unittest import mock

from django.conf import settings
from django.db import OperationalError
from django.test import Client, TestCase, override_settings


class FailingViewTests(TestCase):
    """A page whose view raises."""

    def setUp(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.enterContext(
            mock.patch(
                "posts.pages.loading.with_titles", side_effect=RuntimeError("a secret detail")
            )
        )

    def test_it_says_so_without_details_and_with_every_header(self) -> None:
        with self.assertLogs("django.request", "ERROR"):
            answer = self.client.get("/")
        self.assertContains(answer, "Something went wrong on our side", status_code=500)
        self.assertNotContains(answer, "secret detail", status_code=500)
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertIn("no-store", answer.headers["Cache-Control"])


class NoManifestTests(TestCase):
    """A site whose static files were never collected."""

    def test_the_page_needs_none(self) -> None:
        hashed = {"BACKEND": "config.storage.HashedStaticFilesStorage"}
        with (
            override_settings(STORAGES={**settings.STORAGES, "staticfiles": hashed}),
            self.assertLogs("django.request", "ERROR"),
        ):
            answer = Client(raise_request_exception=False).get("/")
        self.assertContains(answer, "Something went wrong on our side", status_code=500)
        self.assertNotContains(answer, "stylesheet", status_code=500)


class DatabaseDownTests(TestCase):
    """The database is down, also for cached pages."""

    def test_it_says_when_to_come_back(self) -> None:
        client = Client(raise_request_exception=False)
        with (
            mock.patch(
                "posts.pages.page_versions.current_edition",
                side_effect=OperationalError("a secret detail"),
            ),
            self.assertLogs("django.request", "ERROR"),
        ):
            answer = client.get("/")
        self.assertContains(answer, "Something went wrong on our side", status_code=503)
        self.assertNotContains(answer, "secret detail", status_code=503)
        self.assertIn("Retry-After", answer.headers)
        self.assertIn("no-store", answer.headers["Cache-Control"])
