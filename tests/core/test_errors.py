"""What people see when our own code fails."""

from unittest import mock

from django.test import Client, TestCase


class BrokenTests(TestCase):
    """A page whose view raises."""

    def setUp(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.enterContext(
            mock.patch("posts.reading.with_titles", side_effect=RuntimeError("a secret detail"))
        )

    def test_it_says_so_without_details_and_with_every_header(self) -> None:
        with self.assertLogs("django.request", "ERROR"):
            answer = self.client.get("/")
        self.assertContains(answer, "Something broke on our side", status_code=500)
        self.assertNotContains(answer, "secret detail", status_code=500)
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertIn("no-store", answer.headers["Cache-Control"])
