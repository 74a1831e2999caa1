"""Test `manage.py record_delivery_event`."""

from io import StringIO

from django.core.management import CommandError, call_command

from notifications.deliverability import events, pausing
from notifications.models import StoppedAddress
from tests.factories import make_user
from tests.notifications.deliverability.sendings import Sendings, sent


def record(kind: str, *addresses: str) -> str:
    output = StringIO()
    call_command("record_delivery_event", kind, *addresses, stdout=output)
    return output.getvalue()


class RecordTests(Sendings):
    """What a program that reads reports of providers hands over."""

    def test_known_addresses_are_stopped_and_others_passed_over(self) -> None:
        said = record("complaint", str(self.reader.email), "nobody@example.org")
        assert "Addresses recorded: 1." in said
        assert "from this site: 1." in said
        assert "@" not in said
        assert StoppedAddress.objects.get().cause == "complaint"

    def test_enough_of_them_pause_articles(self) -> None:
        sent(200)
        record("complaint", *(str(make_user().email) for _n in range(5)))
        assert pausing.articles_are_paused()

    def test_other_kinds_are_refused_and_nothing_is_recorded(self) -> None:
        with self.assertRaises(CommandError):
            record("opened", str(self.reader.email))
        assert events.figures().events == 0
