"""Test what rows of a list state: who follows at once, who is asked, who is left out and why."""

from typing import NamedTuple

from django.core import mail

from notifications.models import ImportRow, SubscriberImport

from .lists import HERE, Lists, rows_of, words

COLUMNS = "email,status,consent_date,consent,unsubscribed_at,subscribed_to_emails,email_disabled"
ACTIVE, ASKED = "active", "asked"
OUT = "The file says that this address gets no e-mail any more."
DOUBLE = "The address is in the file more than once."
DATE = "The date of consent has to be in the past, and written as 2026-01-31."
CELLS = "The row has more cells than the first row."


class Row(NamedTuple):
    """A row as it is typed, and what is expected: an outcome, or the sentence of the report."""

    cells: str
    expected: str


# Rows of one file; a name before the "|" stands for an address, given twice where it is shared.
ROWS = [
    *(
        Row(f"|,2020-01-01,{place},,,", expected)
        for place, expected in (
            ("Spring fair", ACTIVE),
            ("Café 12", ACTIVE),
            ("字", ACTIVE),
            ("Spam-free newsletter box", ACTIVE),
            ("Removed from display", ACTIVE),
            ("no", ASKED),
            (" NO. ", ASKED),
            ("False", ASKED),
            ("0", ASKED),
            ("-", ASKED),
            ("--", ASKED),
            ("–", ASKED),
            ("n/a", ASKED),
            ("null", ASKED),
            ("Unknown", ASKED),
            ("ｎｏ", ASKED),
            ("nein", ASKED),
            ("yes", ASKED),
            ("1", ASKED),
            ("subscribed", ASKED),
            ("unsubscribed", OUT),
            ("Withdrawn", OUT),
        )
    ),
    *(
        Row(f"|{status},2020-01-01,fair,,,", expected)
        for status, expected in (
            ("subscribed", ACTIVE),
            (" Subscribed ", ACTIVE),
            ("ACTIVE", ACTIVE),
            ("", ACTIVE),
            ("-", ACTIVE),
            ("unsubscribed", OUT),
            (" Un-Subscribed ", OUT),
            ("UNSUBSCRIBED", OUT),
            ("opted out", OUT),
            ("cleaned", OUT),
            ("Bounced", OUT),
            ("hard_bounce", OUT),
            ("complained", OUT),
            ("Spam complaint", OUT),
            ("bounced (mailbox full)", OUT),
            ("inactive", OUT),
            ("pending", ASKED),
            ("unconfirmed", ASKED),
            ("Non-Subscribed", ASKED),
            ("gold member", ASKED),
        )
    ),
    Row("|unsubscribed,2999-01-01,fair,,,", OUT),
    Row("|,2999-01-01,fair,,,", DATE),
    Row("|,2020-01-01,fair,,unsubscribed,", OUT),
    Row("|,2020-01-01,fair,,off,", OUT),
    Row("|,2020-01-01,fair,,true,", ACTIVE),
    Row("|,2020-01-01,fair,,,2021-01-01", OUT),
    Row("|,2020-01-01,fair,,,No", ACTIVE),
    Row("one|,2020-01-01,fair,,,", OUT),
    Row("one|,2020-01-01,fair,2021-01-01,,", OUT),
    Row("two|,2020-01-01,fair,2021-01-01,,", OUT),
    Row("two|,2020-01-01,fair,,,", OUT),
    Row("three|,2020-01-01,fair,,,", OUT),
    Row("THREE|,,,,,", OUT),
    Row("three|cleaned,,,,,", OUT),
    Row("four|,2020-01-01,fair,,,", OUT),
    Row("four|bounced,2020-01-01,fair,,,,surplus", OUT),
    Row("five|,2020-01-01,fair,,,", ASKED),
    Row("five|,2020-01-01,no,,,", DOUBLE),
    Row("six|pending,,,,,", ASKED),
    Row("six|,2020-01-01,fair,,,", DOUBLE),
    Row("seven|,2020-01-01,fair,,,", ACTIVE),
    Row("seven|,2020-01-01,other fair,,,", DOUBLE),
    Row("eight|,2020-01-01,fair,,,,surplus", CELLS),
]
FIRST = 2


class TableTests(Lists):
    """Each row of one file, through the trial, the press and the report."""

    def test_every_row_of_the_table(self) -> None:
        lines = [self.line(place, row) for place, row in enumerate(ROWS)]
        page = self.bring("\n".join([COLUMNS, *lines]))
        made = SubscriberImport.objects.get()
        self.check(made, "in the trial")
        self.press()
        self.check(made, "once it is imported")
        expected = [row.expected for row in ROWS]
        self.assertEqual(len(self.active()), expected.count(ACTIVE))
        self.assertEqual(len(mail.outbox), expected.count(ASKED))
        _names, *reported = rows_of(self.ines.get(f"{HERE}imports/{made.pk}/left-out.csv"))
        self.assertEqual(
            [(int(line), reason) for line, _address, reason in reported],
            [
                (place, row.expected)
                for place, row in enumerate(ROWS, FIRST)
                if row.expected not in {ACTIVE, ASKED}
            ],
        )
        self.assertIn("status who gets no e-mail any more, and is left out", words(page))

    def line(self, place: int, row: Row) -> str:
        name, _bar, cells = row.cells.partition("|")
        return f"{name or f'p{place}'}@example.org,{cells}"

    def check(self, made: SubscriberImport, when: str) -> None:
        found: dict[int, ImportRow] = {row.line: row for row in made.rows.all()}
        for place, row in enumerate(ROWS, FIRST):
            with self.subTest(row.cells, when=when):
                stored = found[place]
                said = str(stored.get_reason_display()) or stored.outcome
                self.assertEqual(said, row.expected)

    def test_a_no_outweighs_the_times_of_mailchimp(self) -> None:
        times = "2024-05-01 10:20:30,2024-05-02 08:00:00"
        self.imported(
            "email,OPTIN_TIME,CONFIRM_TIME,consent,status\n"
            f"a@example.org,{times},,subscribed\nb@example.org,{times},no,\n"
            f"c@example.org,{times},,unsubscribed\nd@example.org,{times},,pending\n"
        )
        self.assertEqual(self.active(), {"a@example.org"})
        self.assertEqual(self.left_out(), [(4, "out")])
