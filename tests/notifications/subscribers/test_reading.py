"""Test that a file that somebody sends is read as rows, or refused as a whole."""

from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.test import SimpleTestCase

from core import limits
from core.exceptions import ActionRefused
from notifications.subscribers import reading
from notifications.subscribers.cells import defused, restored


def read(text: str | bytes) -> list[Any]:
    return reading.read(text.encode() if isinstance(text, str) else text).rows


def uses(text: str) -> dict[str, str]:
    return {name: str(use) for name, use in reading.read(text.encode()).columns}


def said(text: str | bytes) -> list[tuple[int, str, str]]:
    return [(row.line, row.address, str(row.reason or "")) for row in read(text)]


class ReadTests(SimpleTestCase):
    """Files of other programs."""

    def test_addresses_dates_and_places(self) -> None:
        (row,) = read("email,consent_date,consent_place\nPat@Example.org,2024-05-01,Spring fair\n")
        assert (row.line, row.address) == (2, "pat@example.org")
        assert (row.consent_on, row.consent_place) == (date(2024, 5, 1), "Spring fair")

    def test_separators_byte_order_marks_line_ends_and_other_columns(self) -> None:
        for file in (
            b"\xef\xbb\xbfemail,name\r\npat@example.org,Pat\r\n",
            b"Name;E-Mail\nPat;pat@example.org\n",
            b"name\tEmail address\rPat\tpat@example.org\r",
            b'"name","email"\n"Pat, of\nFair","pat@example.org"\n',
            b"\n\nname,email\n\n\nPat,pat@example.org",
        ):
            with self.subTest(file):
                assert [row.address for row in read(file)] == ["pat@example.org"]

    def test_a_list_of_mailchimp_states_consent_where_a_sign_up_was_confirmed(self) -> None:
        file = (
            "Email Address,First Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LEID\n"
            "a@example.org,A,1 Road,2,2024-05-01 10:20:30,1.2.3.4,2024-05-02 08:00:00,1\n"
            "b@example.org,B,2 Road,2,,,2024-05-02 08:00:00,2\n"
            "c@example.org,C,3 Road,2,2024-05-01 10:20:30,1.2.3.4,,3\n"
        )
        one, imported, asked = read(file)
        assert (one.consent_on, one.consent_place) == (date(2024, 5, 2), reading.SIGN_UP_PLACE)
        assert {(row.consent_on, row.consent_place) for row in (imported, asked)} == {(None, "")}
        assert uses(file) == {
            "Email Address": "address",
            "First Name": "unread",
            "Address": "unread",
            "MEMBER_RATING": "unread",
            "OPTIN_TIME": "sign-up",
            "OPTIN_IP": "unread",
            "CONFIRM_TIME": "sign-up",
            "LEID": "unread",
        }

    def test_one_of_the_two_times_or_dates_of_our_own_leave_mailchimps_aside(self) -> None:
        (row,) = read("email,CONFIRM_TIME\na@example.org,2024-05-02\n")
        assert (row.consent_on, row.consent_place) == (None, "")
        own = "email,consent_date,consent_place,OPTIN_TIME,CONFIRM_TIME\n"
        (row,) = read(f"{own}a@example.org,2023-01-31,fair,2024-05-01,2024-05-02\n")
        assert (row.consent_on, row.consent_place) == (date(2023, 1, 31), "fair")
        assert uses(own + "a@example.org\n")["CONFIRM_TIME"] == "since"

    def test_a_day_on_which_a_row_was_made_states_no_consent(self) -> None:
        for name in ("created_at", "Start date", "subscription_created_at"):
            file = f"email,{name}\na@example.org,2024-05-01T10:20:30.000Z\n"
            (row,) = read(file)
            assert (row.consent_on, row.consent_place) == (None, "")
            assert uses(file)[name] == "since"

    def test_who_gets_no_more_mail_is_left_out(self) -> None:
        for name, gone, stays in (
            ("subscribed_to_emails", "false", "true"),
            ("subscribed_to_emails", "No", ""),
            ("email_disabled", "true", "false"),
            ("UNSUB_TIME", "2024-05-01 10:20:30", ""),
            ("CLEAN_TIME", "2024-05-01 10:20:30", " "),
            ("deleted_at", "2024-05-01", ""),
        ):
            with self.subTest(name, gone=gone):
                file = f"email,{name}\na@example.org,{gone}\nb@example.org,{stays}\n"
                assert said(file) == [(2, "a@example.org", "out"), (3, "b@example.org", "")]
                assert uses(file)[name] == "out"

    def test_a_row_is_named_by_the_line_it_begins_on(self) -> None:
        file = 'name,email\n"Pat\nof\nFair",pat@example.org\n\nSam,nothing\n'
        assert said(file) == [(2, "pat@example.org", ""), (6, "nothing", "address")]

    def test_days(self) -> None:
        days: dict[str, date | None] = {
            "2024-05-01": date(2024, 5, 1),
            "2024-05-01T10:20:30Z": date(2024, 5, 1),
            "2024-05-01 10:20": date(2024, 5, 1),
            "01.05.2024": None,
            "2024-02-30": None,
            "2999-01-01": None,
            "1024-05-01": None,
            "yes": None,
            "٢٠٢٤-05-01": None,
        }
        for written, day in days.items():
            with self.subTest(written):
                (row,) = read(f"email,consent_date\npat@example.org,{written}\n")
                reason = "date" if day is None else None
                assert (row.consent_on, row.reason) == (day, reason)


class HostileTests(SimpleTestCase):
    """Files that are made to do harm, and broken ones."""

    def test_addresses_that_are_none(self) -> None:
        for typed in (
            "",
            "nothing",
            "a@b",
            "a@localhost",
            "a@[127.0.0.1]",
            '"a b"@example.org',
            "a@example.org, b@example.org",
            '"a@example.org\nBcc: b@example.org"',
            '"a@example.org\r\nBcc: b@example.org"',
            "a@exam\u200bple.org",
            "a\u202eb@example.org",
            "=cmd|' /C calc'!A0",
            "@SUM(1+1)",
            "a@example.org\u2028b@example.org",
            f"{'a' * 300}@example.org",
        ):
            with self.subTest(typed):
                file = f"name,email\nPat,{typed}\n" if typed.startswith('"a@') else None
                quoted = '"' + typed.replace('"', '""') + '"'
                (row,) = read(file or f"name,email\nPat,{quoted}\n")
                assert row.reason == "address", row
                assert row.address.isprintable()
                assert len(row.address) <= 254

    def test_doubles_also_in_other_letters_and_spellings(self) -> None:
        file = "email\npat@bücher.example\nPAT@BÜCHER.example\npat@xn--bcher-kva.example\n"
        assert said(file) == [
            (2, "pat@bücher.example", ""),
            (3, "pat@bücher.example", "double"),
            (4, "pat@bücher.example", "double"),
        ]

    def test_a_row_with_more_cells_than_columns(self) -> None:
        file = f"email\na@example.org{',x' * 1_000_000}\nb@example.org,,,\nc@example.org\n"
        assert [row.reason for row in read(file[:-1])] == ["cells", None, None]

    def test_files_that_are_none(self) -> None:
        for file, sentence in (
            (b"", "empty"),
            (b"\n\n", "empty"),
            (b"email\n", "no row"),
            (b"pat@example.org\n", "name the columns"),
            (b"name\nPat\n", "name the columns"),
            (b"email,e-mail\na@example.org,b@example.org\n", "name the columns"),
            (b"email\npat\0@example.org\n", "UTF-8"),
            ("email\npat@example.org\n".encode("utf-16"), "UTF-8"),
            ("email\npat@example.org\n".encode("utf-16-le"), "UTF-8"),
            ("email,name\na@example.org,Jörg\n".encode("latin-1"), "UTF-8"),
            (b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
            (b"PK\x03\x04\x14\0", "UTF-8"),
            (b'email\n"pat@example.org\n', "quotation mark"),
            (b'email\n"pat"@example.org\n', "quotation mark"),
            (b"email\n" + b"a" * 500_000, "quotation mark"),
            (b"email" + b"," * 1_000_000, "columns"),
        ):
            with self.subTest(file[:40]), pytest.raises(ActionRefused) as refused:
                read(file)
            assert sentence in refused.value.message

    def test_as_many_rows_as_the_limit_and_one_more(self) -> None:
        file = "email\na@example.org\nb@example.org\n"
        self.enterContext(patch.object(limits, "SUBSCRIBER_ROWS", 2))
        assert len(read(file)) == 2
        with pytest.raises(ActionRefused, match="more than 2 rows"):
            read(f"{file}c@example.org\n")


class CellTests(SimpleTestCase):
    """No cell is a formula, and each comes back as it was."""

    def test_there_and_back(self) -> None:
        for cell in ("pat@example.org", "=1+1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "'=1", "'a"):
            with self.subTest(cell):
                assert restored(defused(cell)) == cell
                assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))

    def test_no_formula_begins_where_another_program_parts_cells(self) -> None:
        for parting in ';\t,|\n"':
            for formula in ("=cmd|' /C calc'!A0", "@SUM(1)", "'=1", "''x", f"{parting}=1"):
                cell = f"A title{parting}{formula}{parting}{formula}"
                with self.subTest(cell):
                    assert restored(defused(cell)) == cell
                    for part in defused(cell).split(parting):
                        assert not part.startswith(("=", "+", "-", "@"))

    def test_an_address_that_begins_like_a_formula_comes_back(self) -> None:
        (row,) = read(f"email\n{defused('+tag@example.org')}\n")
        assert row.address == "+tag@example.org"
