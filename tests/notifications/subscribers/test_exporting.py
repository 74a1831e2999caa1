"""Test who is in the file of subscribers, and that it is safe to open."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.following import actions as following
from notifications.kinds import Way
from notifications.mailing import ways
from notifications.mailing.models import StoppedAddress
from notifications.models import Subscription
from notifications.subscribers import exporting
from notifications.targets import Key
from tests.factories import make_user
from tests.reauthenticated import client_of, reauthenticate

from .lists import EXPORT, HERE, Lists, rows_of


class ExportTests(Lists):
    """The file that an admin downloads."""

    def exported(self) -> list[dict[str, str]]:
        columns, *rows = rows_of(self.ines.get(EXPORT))
        assert tuple(columns) == exporting.COLUMNS
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def addresses(self) -> list[str]:
        return [row["email"] for row in self.exported()]

    def follows(self, address: str, **more: Any) -> Subscription:
        values = {"target": "series", "target_id": self.series.pk, **more}
        return Subscription.objects.create(
            **{"address": address, "confirmed_at": timezone.now(), **values}
        )

    def test_nobody_one_and_few(self) -> None:
        assert self.exported() == []
        self.follows("pat@example.org")
        (row,) = self.exported()
        assert row["email"] == "pat@example.org"
        assert row["follows"] == f"series:{self.series.pk}"
        assert row["title"] == self.series.title
        assert row["account"] == "no"
        assert row["since"] == timezone.now().date().isoformat()
        self.follows("sam@example.net")
        assert self.addresses() == ["pat@example.org", "sam@example.net"]

    def test_only_addresses_that_are_told(self) -> None:
        self.follows("asked@example.org", confirmed_at=None)
        self.follows("ended@example.org", ended_at=timezone.now())
        self.follows("thread@example.org", target="post", target_id=self.post.pk)
        self.follows("stopped@example.org")
        StoppedAddress.objects.create(address="Stopped@example.org")
        assert self.addresses() == []

    def test_accounts_only_where_they_chose_to_get_it_by_mail(self) -> None:
        for person in (self.reader, self.stranger, self.newcomer, self.suspended, self.moderator):
            following.follow(person, "series", Key(self.series.pk))
        ways.choose(self.stranger, "group:followed", Way.NONE)
        ways.choose(self.newcomer, f"series:{self.series.pk}", Way.NONE)
        ways.choose(self.moderator, "group:followed", Way.NONE)
        ways.choose(self.moderator, f"series:{self.series.pk}", Way.DAILY)
        assert self.addresses() == [self.reader.email, self.moderator.email]
        assert {row["account"] for row in self.exported()} == {"yes"}

    def test_an_unconfirmed_address_of_an_account_is_left_out(self) -> None:
        following.follow(self.reader, "series", Key(self.series.pk))
        self.reader.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
        assert self.addresses() == []

    def test_no_cell_is_a_formula_and_what_is_exported_can_be_imported(self) -> None:
        self.follows("+tag@example.org")
        self.series.title = '=HYPERLINK("https://bad.example","x")'
        self.series.save()
        answer = self.ines.get(EXPORT)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        data = answer.getvalue()
        assert data.startswith("\ufeff".encode())
        text = data.decode("utf-8-sig")
        assert "\r\n'+tag@example.org," in text
        assert ",\"'=HYPERLINK(" in text
        self.bring(data)
        assert self.left_out() == [(2, "follows")]

    def test_streamed_in_a_fixed_number_of_queries_a_batch(self) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                rows_of(self.ines.get(EXPORT))
            return len(queries)

        self.follows("pat@example.org")
        following.follow(make_user(), "series", Key(self.series.pk))
        asked()
        few = asked()
        for number in range(20):
            self.follows(f"p{number}@example.org")
        following.follow(self.reader, "author", Key(self.author.pk))
        Subscription.objects.filter(target="author").delete()
        for _n in range(10):
            following.follow(make_user(), "series", Key(self.series.pk))
        assert asked() == few
        with patch.object(exporting, "BATCH", 5):
            assert len(self.addresses()) == 32

    def test_nobody_else_gets_it_and_the_password_is_asked_for(self) -> None:
        self.follows("pat@example.org")
        for person in (self.reader, self.author, self.moderator):
            with self.subTest(person.handle):
                assert client_of(person).get(EXPORT).status_code == 404
        self.client.force_login(self.admin)
        for url in (HERE, EXPORT):
            asked = self.client.get(url)
            assert asked.status_code == 302
            assert asked["Location"].startswith("/accounts/reauthenticate/")
        self.client.logout()
        assert "/accounts/login/" in self.client.get(EXPORT)["Location"]
        assert self.ines.post(EXPORT).status_code == 405
        assert "no-store" in self.ines.get(EXPORT)["Cache-Control"]

    def test_an_old_answer_is_asked_for_again(self) -> None:
        self.client.force_login(self.admin)
        reauthenticate(self.client, self.admin, timedelta(hours=1).total_seconds())
        assert self.client.get(EXPORT).status_code == 302
