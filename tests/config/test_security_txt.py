"""Test `/.well-known/security.txt`, by which finders of faults know where to report them."""

from datetime import timedelta

from django.test import SimpleTestCase, override_settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

URL = "/.well-known/security.txt"


class SecurityTxtTests(SimpleTestCase):
    """The fields that RFC 9116 requires."""

    def fields(self) -> dict[str, str]:
        response = self.client.get(URL)
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        return dict(line.split(": ", 1) for line in response.content.decode().splitlines())

    @override_settings(
        SECURITY_CONTACT="mailto:security@example.org", SITE_URL="https://discuss.example.org"
    )
    def test_it_says_where_to_report_and_where_it_belongs(self) -> None:
        fields = self.fields()
        assert fields["Contact"] == "mailto:security@example.org"
        assert fields["Canonical"] == f"https://discuss.example.org{URL}"

    def test_it_ends_within_a_year(self) -> None:
        expires = parse_datetime(self.fields()["Expires"])
        assert expires is not None
        assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)

    def test_it_is_only_read(self) -> None:
        assert self.client.post(URL).status_code == 405
