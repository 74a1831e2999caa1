"""Test what the forms of decisions say of the words that a reason needs, and where they lead."""

import re
from typing import Any

from django.urls import reverse

from comments.models.moderation import UNEXPLAINED
from comments.moderation import forms
from comments.moderation.actions import close_discussion, lock, suspend
from tests.cast import Cast

from .cases import HTMX, Moderated

NEEDED = "Optional, but needed with the last reason."
TO_READERS = "Needed with the last reason, and only with that."
OPTIONAL = "field__optional"


def field_of(page: str, name: str) -> list[str]:
    """Return each field of that name, from its label to its help."""
    return re.findall(
        rf'<label class="field__label"[^>]*>(?:(?!</label>).)*</label>\s*'
        rf'<(?:textarea|input)[^>]* name="{name}".*?</div>',
        page,
        re.DOTALL,
    )


class NeededWordsTests(Moderated):
    """Beside the field stands when it is needed; no label says that it is optional."""

    def setUp(self) -> None:
        self.sign_in(self.admin)

    def assert_needed(self, url: str, count: int = 1) -> None:
        found = field_of(self.client.get(url).text, "note")
        self.assertEqual(len(found), count)
        for field in found:
            self.assertIn(NEEDED, field)
            self.assertNotIn(OPTIONAL, field)

    def assert_to_readers(self, url: str) -> None:
        page = self.client.get(url).text
        ((sentence,), (note,)) = field_of(page, "to_readers"), field_of(page, "note")
        self.assertIn(TO_READERS, sentence)
        self.assertNotIn(OPTIONAL, sentence)
        self.assertIn(OPTIONAL, note)
        self.assertNotIn(NEEDED, note)

    def test_of_a_removal(self) -> None:
        self.assert_needed(reverse("comments:moderation-case", args=[self.flagged.pk]))

    def test_of_a_suspension_and_of_its_end(self) -> None:
        url = reverse("comments:suspension", args=[self.reader.handle])
        self.assert_needed(url)
        suspend(self.reader, by=self.admin, reason="harassing", note="", days=3)
        self.assert_needed(url, 2)

    def test_of_a_lock_and_of_its_end(self) -> None:
        url = reverse("comments:lock", args=[self.flagged.pk])
        self.assert_to_readers(url)
        lock(self.flagged, by=self.admin, reason="heated")
        self.assert_needed(url)

    def test_of_a_closure_and_of_its_end(self) -> None:
        url = reverse("comments:discussion-close", args=[self.post.slug])
        self.assert_to_readers(url)
        close_discussion(self.post, by=self.admin, reason="heated")
        self.assert_needed(url)


class LastReasonTests(Cast):
    """The last reason of every form is the one that alone says nothing."""

    def test_it_is_last_and_there_is_no_other(self) -> None:
        shown: dict[type[forms.ReasonForm], dict[str, Any]] = {
            forms.ReasonForm: {},
            forms.SuspensionForm: {"person": self.reader},
            forms.LockForm: {},
            forms.CloseForm: {"post": self.post},
            forms.EndForm: {},
            forms.OpenForm: {},
        }
        for form, more in shown.items():
            with self.subTest(form.__name__):
                field: Any = form(**more).fields["reason"]
                codes = [code for code, _label in field.choices]
                self.assertEqual([each for each in codes if each in UNEXPLAINED], codes[-1:])


class RefusedRemovalTests(Moderated):
    """A removal that is refused leads to what is wrong, with scripts and without."""

    def setUp(self) -> None:
        self.sign_in(self.moderator)

    def refused(self, **extra: Any) -> Any:
        sent = {"desk": "1", **extra.pop("sent")}
        return self.send("removal", self.flagged, sent, **extra)

    def assert_leads_to(self, page: str, name: str, why: str) -> None:
        """Check that one element takes the focus: it says `why`, just before the field `name`."""
        (focused,) = re.finditer(r"<\w+ [^>]*\b(?:data-focus|autofocus)\b[^>]*>", page)
        self.assertIn("autofocus data-focus", focused[0])
        between = page[focused.end() : page.index(f' name="{name}"', focused.end())]
        self.assertIn(f"Nothing is removed yet. {why}", " ".join(between.split()))
        self.assertNotIn(' name="', between)

    def test_without_a_needed_note_to_the_note(self) -> None:
        for extra in ({}, HTMX):
            page = self.refused(sent={"reason": "other"}, **extra)
            self.assertEqual(page.status_code, 422)
            self.assert_leads_to(page.text, "note", "Please say in a note what the reason is.")

    def test_without_a_reason_to_the_reasons(self) -> None:
        for extra in ({}, HTMX):
            page = self.refused(sent={}, **extra).text
            self.assert_leads_to(page, "reason", "Please choose a reason.")

    def test_nothing_is_said_before_it_is_sent(self) -> None:
        url = reverse("comments:moderation-case", args=[self.flagged.pk])
        page = self.client.get(url, **HTMX)
        self.assertNotContains(page, "Nothing is removed yet.")
        self.assertRegex(page.text, r'id="case-title"[^>]* data-focus')
