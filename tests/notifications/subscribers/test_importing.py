"""Test what becomes of the rows of a list: who follows, who is asked, and how the job runs."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from comments.me import erasure
from comments.me.export import export_of
from notifications import targets
from notifications.models import (
    ImportRow,
    StatedConsent,
    SubscriberImport,
    Subscription,
)
from notifications.subscribers import importing, offered
from notifications.subscribers.reading import read
from notifications.targets import Key
from tests.at_once import at_once
from tests.factories import make_post, make_user
from tests.notifications.mailing.mailbox import run_worker

from .lists import HERE, Lists, words

AGREED = "email,consent_date,consent_place\n{},2024-05-01,Spring fair\n"


class WayTests(Lists):
    """From the file to the followers."""

    def test_a_trial_does_nothing_and_a_press_imports(self) -> None:
        rows = "a@example.org,2024-05-01,Fair\nb@example.org,,\nnobody,,\n"
        page = self.bring(f"email,consent_date,consent_place\n{rows}")
        said = words(page)
        assert "Nothing was imported yet, and nobody got an e-mail." in said
        assert "Import 2 addresses" in said
        assert not Subscription.objects.exists()
        assert mail.outbox == []
        self.press()
        assert self.active() == {"a@example.org"}
        assert [each.to for each in mail.outbox] == [["b@example.org"]]
        assert "What happened" in words(self.ines.get(page.request["PATH_INFO"]))
        assert self.left_out() == [(4, "address")]

    def test_the_statement_is_stored_with_the_follower(self) -> None:
        self.imported(AGREED.format("a@example.org"))
        consent = StatedConsent.objects.get()
        assert str(consent.given_on) == "2024-05-01"
        assert consent.place == "Spring fair"
        assert consent.stated_by == self.admin
        assert consent.subscription.address == "a@example.org"

    def test_a_date_or_a_place_alone_is_no_consent(self) -> None:
        for row in ("a@example.org,2024-05-01,", "a@example.org,,Spring fair"):
            with self.subTest(row):
                self.imported(f"email,consent_date,consent_place\n{row}\n")
                assert self.active() == set()

    def test_who_is_asked_confirms_by_the_press_behind_the_usual_link(self) -> None:
        self.imported("email\nb@example.org\n")
        [message] = mail.outbox
        assert message.subject == "May we write to you? E-mails from Counterpoint"
        link = re.search(r"https?://[^/]+(/follow/confirm/\S+)", str(message.body))
        assert link
        visitor = Client()
        chosen = re.findall(r'name="chosen" value="(\d+)"', visitor.get(link[1]).text)
        visitor.post(link[1], {"chosen": chosen})
        assert self.active() == {"b@example.org"}

    def test_the_e_mail_says_where_the_address_is_from_and_what_would_be_followed(self) -> None:
        self.series.title = "Bread & <butter>"
        self.series.save()
        self.imported("email\nb@example.org\n")
        [message] = mail.outbox
        said = " ".join(str(message.body).split())
        assert "an admin of this site has brought us your address on a list" in said
        assert "Bread & <butter> The next part, when it is published." in said
        assert "somebody, we hope you" not in said
        alternatives: Any = getattr(message, "alternatives", [])
        assert "Bread &amp; &lt;butter&gt;" in alternatives[0][0]

    def test_one_e_mail_a_day_however_often_it_is_imported(self) -> None:
        for _n in range(3):
            self.imported("email\nb@example.org\n")
        assert len(mail.outbox) == 1
        Subscription.objects.update(mailed_at=timezone.now() - timedelta(hours=25))
        self.imported("email\nb@example.org\n")
        assert len(mail.outbox) == 2

    def test_consent_confirms_what_was_only_asked_before(self) -> None:
        self.imported("email\nb@example.org\n")
        self.imported(AGREED.format("b@example.org"))
        assert self.active() == {"b@example.org"}

    def test_a_later_statement_takes_the_place_of_an_earlier_one(self) -> None:
        self.imported(AGREED.format("b@example.org").replace("Spring fair", "Long ago"))
        Subscription.objects.update(confirmed_at=None)
        self.imported(AGREED.format("b@example.org"))
        assert StatedConsent.objects.get().place == "Spring fair"

    def test_the_author_and_whatever_else_brings_articles(self) -> None:
        self.bring("email\nb@example.org\n", follows=f"author:{self.author.pk}")
        self.press()
        assert Subscription.objects.get().target == "author"

    def test_the_whole_site_as_soon_as_it_can_be_followed(self) -> None:
        series = targets.type_of("series")
        assert series
        site = replace(
            series,
            name="site",
            label="The whole site",
            load=lambda _reader, keys: {key: targets.Target("All", "/") for key in keys},
            brings_articles=None,
        )
        with patch.dict(targets._types):
            targets.register(site)
            self.bring(AGREED.format("a@example.org"), follows="site:1")
            self.press()
            assert Subscription.objects.active().get().target == "site"


class AccountTests(Lists):
    """Addresses of people who have an account."""

    def test_an_account_takes_over_what_its_address_is_imported_for(self) -> None:
        self.imported(AGREED.format(str(self.reader.email)))
        followed = Subscription.objects.get()
        assert followed.user == self.reader
        assert followed.stated_consent.place == "Spring fair"

    def test_an_address_that_nobody_confirmed_gives_nothing_to_its_account(self) -> None:
        EmailAddress.objects.filter(user=self.reader).update(verified=False)
        self.imported(AGREED.format(str(self.reader.email)))
        assert Subscription.objects.get().user is None

    def test_what_was_stated_is_in_the_download_and_goes_with_the_account(self) -> None:
        self.imported(AGREED.format(str(self.reader.email)))
        downloaded = export_of(self.reader)
        assert downloaded["stated_consents"][0]["place"] == "Spring fair"
        assert downloaded["rows_of_imported_lists"][0]["address"] == self.reader.email
        erasure.erase(self.reader, delete_texts=False)
        assert not StatedConsent.objects.exists()
        assert not ImportRow.objects.exists()


class JobTests(Lists):
    """Batches, a worker that dies, a button pressed twice."""

    def many(self, number: int) -> str:
        rows = "".join(f"p{n}@example.org,2024-05-01,Fair\n" for n in range(number))
        return f"email,consent_date,consent_place\n{rows}"

    def test_pressed_twice_and_sent_twice_it_is_imported_once(self) -> None:
        form = {"form_key": "8d8ac610-566d-4ef0-9c22-186b2a5ed793"}
        for _n in range(2):
            self.bring("email\nb@example.org\n", **form)
        made = SubscriberImport.objects.get()
        assert made.rows.count() == 1
        assert importing.start(made.pk)
        assert not importing.start(made.pk)
        for _n in range(2):
            self.press(made)
        assert len(mail.outbox) == 1

    def test_a_worker_that_dies_forgets_nothing_and_repeats_nothing(self) -> None:
        self.enterContext(patch.object(importing, "BATCH", 3))
        self.bring(self.many(8))
        made = SubscriberImport.objects.get()
        importing.start(made.pk)
        importing.import_some.func(made.pk)
        assert len(self.active()) == 3

        class Killed(BaseException):
            pass

        original, seen = importing._follow, []

        def dying(row: ImportRow, *rest: Any) -> None:
            original(row, *rest)
            seen.append(row)
            if len(seen) == 2:
                raise Killed

        with patch.object(importing, "_follow", dying), self.assertRaises(Killed):
            importing.import_some.func(made.pk)
        assert len(self.active()) == 3, "the batch is one transaction"
        run_worker()
        assert len(self.active()) == 8
        assert StatedConsent.objects.count() == 8
        made.refresh_from_db()
        assert made.state == "done"

    def test_how_far_it_is(self) -> None:
        self.enterContext(patch.object(importing, "BATCH", 3))
        self.bring(self.many(8))
        made = SubscriberImport.objects.get()
        importing.start(made.pk)
        importing.import_some.func(made.pk)
        page = self.ines.get(f"{HERE}imports/{made.pk}/")
        assert "3 of 8 rows are done." in words(page)
        assert 'hx-trigger="every 2s"' in page.text
        part = self.ines.get(f"{HERE}imports/{made.pk}/", headers={"HX-Request": "true"})
        assert "<html" not in part.text
        run_worker()
        assert "every 2s" not in self.ines.get(f"{HERE}imports/{made.pk}/").text

    def test_a_batch_costs_the_same_queries_for_what_is_left_out(self) -> None:
        def asked(number: int) -> int:
            file = self.many(number)
            self.imported(file)
            self.bring(file)
            made = SubscriberImport.objects.latest("pk")
            importing.start(made.pk)
            with CaptureQueriesContext(connection) as queries:
                importing.import_some.func(made.pk)
            run_worker()
            return len(queries)

        assert asked(2) == asked(20)

    def test_the_mails_wait_behind_all_others(self) -> None:
        with self.settings(EMAIL_BACKEND="notifications.mail.QueuedBackend"):
            self.bring("email\nb@example.org\n")
            made = SubscriberImport.objects.get()
            importing.start(made.pk)
            importing.import_some.func(made.pk)
        waiting = Job.objects.filter(task_path="notifications.mail.deliver")
        assert [job.priority for job in waiting] == [-10]

    def test_outdated_lists_are_deleted_with_their_addresses(self) -> None:
        self.imported(AGREED.format("a@example.org"))
        self.bring("email\nb@example.org\n")
        now = timezone.now()
        assert importing.purge(now + timedelta(hours=23)) == 0
        assert importing.purge(now + timedelta(hours=25)) == 1
        assert importing.purge(now + timedelta(days=31)) == 1
        assert not ImportRow.objects.exists()
        assert self.active() == {"a@example.org"}


class AtOnceTests(TransactionTestCase):
    """Two workers at one list."""

    def test_two_workers_import_each_row_once(self) -> None:
        admin = make_user("ines", "admin")
        author = make_user("ada", "author")
        make_post(author)
        what = offered.find("author", Key(author.pk))
        assert what
        rows = read(b"email\n" + b"".join(b"p%d@example.org\n" % n for n in range(10)))
        made = importing.try_out(rows, what, form_key=uuid4(), by=admin, now=timezone.now())
        importing.start(made.pk)
        results = at_once(*[lambda: importing.import_some.func(made.pk)] * 3)
        assert results == [None] * 3, results
        assert len(mail.outbox) == 10
        assert Subscription.objects.count() == 10
