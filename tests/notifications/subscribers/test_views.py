"""Test the pages of admins about subscribers: what they say, refuse, and keep."""

from unittest.mock import patch

from core import limits
from notifications.models import ImportRow, SubscriberImport, Subscription
from notifications.subscribers import reports
from tests.reauthenticated import client_of

from .lists import HERE, Lists, rows_of, words


class FormTests(Lists):
    """The form, and what it refuses."""

    def test_what_is_offered(self) -> None:
        page = words(self.ines.get(HERE))
        assert f"Series: {self.series.title}" in page
        assert "Authors: ada" in page
        assert "Nobody follows new articles yet." in page

    def test_a_bad_file_says_why_keeps_the_choice_and_changes_nothing(self) -> None:
        self.enterContext(patch.object(limits, "SUBSCRIBER_BYTES", 200))
        chosen = f'value="series:{self.series.pk}" selected'
        for file, sentence in (
            (b"", "The file is empty."),
            (b"name\nPat\n", "The first row has to name the columns"),
            ("email\na@b.example\n".encode("utf-16"), "This file is not text in UTF-8."),
            (b"email\n" + b"a" * 300, "The file is too large."),
        ):
            with self.subTest(sentence):
                answer = self.bring(file)
                assert answer.status_code == 422
                assert sentence in words(answer)
                assert chosen in answer.text
        assert not SubscriberImport.objects.exists()

    def test_what_cannot_be_followed(self) -> None:
        for follows in ("", "series:999", "post:1", "stance:1", "site:2", "series:1:2"):
            with self.subTest(follows):
                assert self.bring("email\na@example.org\n", follows=follows).status_code == 422
        assert self.ines.post(HERE, {"follows": "x"}).status_code == 422
        assert not SubscriberImport.objects.exists()

    def test_a_body_that_is_too_large_is_refused_before_it_is_read(self) -> None:
        answer = self.bring(b"email\n" + b"a" * (2 * 1024 * 1024))
        assert answer.status_code == 413


class ReportTests(Lists):
    """What is said of a list: of none, one and few rows."""

    def test_the_columns_that_were_read_and_those_that_were_not(self) -> None:
        page = words(
            self.bring("email,=Plan,created_at,email_disabled\na@example.org,x,2024-05-01,true\n")
        )
        for sentence in (
            "email the address",
            "=Plan not read",
            "created_at no consent",
            "email_disabled who gets no e-mail any more",
            "The file says that this address gets no e-mail any more.",
        ):
            assert sentence in page
        made = SubscriberImport.objects.get()
        rows = rows_of(self.ines.get(f"{HERE}imports/{made.pk}/left-out.csv"))
        assert rows[1:] == [
            ["1", "", "The column “=Plan” is not read."],
            ["2", "a@example.org", "The file says that this address gets no e-mail any more."],
        ]
        SubscriberImport.objects.update(columns="")  # of a list from before they were kept
        assert "What the columns say" not in words(self.ines.get(f"{HERE}imports/{made.pk}/"))

    def test_the_sentences(self) -> None:
        page = words(self.bring("email\nnobody\n"))
        assert "No address of this list can be imported." in page
        assert "1 row" in page
        page = words(self.bring("email\na@example.org\n"))
        assert "Import 1 address" in page
        assert "What is left out" not in page
        page = words(self.bring("email\na@example.org\nb@example.org\nx\ny\n"))
        assert "Import 2 addresses" in page
        assert "This is not an e-mail address. 2 rows" in page

    def test_the_page_shows_some_and_the_file_all_that_is_left_out(self) -> None:
        self.enterContext(patch.object(reports, "SHOWN", 2))
        page = self.bring("email\n=1+1\nA@example.org\na@example.org\nb\nc\n")
        assert "2 more rows are in the file." in words(page)
        made = SubscriberImport.objects.get()
        columns, *rows = rows_of(self.ines.get(f"{HERE}imports/{made.pk}/left-out.csv"))
        assert columns == ["line", "email", "reason"]
        assert rows[0] == ["2", "'=1+1", "This is not an e-mail address."]
        assert rows[1] == ["4", "a@example.org", "The address is in the file more than once."]
        assert len(rows) == 4

    def test_what_was_typed_is_shown_as_text(self) -> None:
        page = self.bring("email\n<script>alert(1)</script>\n")
        assert "<script>alert(1)" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text

    def test_a_trial_is_thrown_away_and_an_import_is_not(self) -> None:
        self.bring("email\na@example.org\n")
        made = SubscriberImport.objects.get()
        answer = self.ines.post(f"{HERE}imports/{made.pk}/removal/", follow=True)
        assert "Nothing of the list is kept." in words(answer)
        assert not ImportRow.objects.exists()
        again = self.ines.post(f"{HERE}imports/{made.pk}/removal/", follow=True)
        assert "or thrown away before" in words(again)
        assert self.ines.post(f"{HERE}imports/{made.pk}/start/").status_code == 404
        self.imported("email\na@example.org\n")
        made = SubscriberImport.objects.get()
        self.ines.post(f"{HERE}imports/{made.pk}/removal/")
        assert SubscriberImport.objects.get() == made

    def test_nobody_else_sees_or_starts_it(self) -> None:
        self.bring("email,consent_date,consent_place\na@example.org,2024-05-01,Fair\n")
        made = SubscriberImport.objects.get()
        page = f"{HERE}imports/{made.pk}/"
        for person in (self.reader, self.author, self.moderator):
            client = client_of(person)
            for url in (page, f"{page}left-out.csv"):
                assert client.get(url).status_code == 404
            for url in (HERE, f"{page}start/", f"{page}removal/"):
                assert client.post(url).status_code == 404
        self.client.force_login(self.admin)
        asked = self.client.post(f"{page}start/")
        assert asked["Location"].startswith("/accounts/reauthenticate/")
        made.refresh_from_db()
        assert made.state == "trial"
        for url in ("start/", "removal/"):
            assert self.ines.get(f"{page}{url}").status_code == 405
        assert not Subscription.objects.exists()
