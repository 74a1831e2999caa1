"""Test form fields for text: clean, validate, explain errors, and keep the typed text."""

import re
from pathlib import Path

from django import forms
from django.test import SimpleTestCase

from core.forms import SafeLineField, SafeTextField

TEMPLATES = Path(__file__).parents[2] / "templates"
AREA = re.compile(r"<textarea[^>]*>")


class Form(forms.Form):
    """A form with one field of each kind."""

    body = SafeTextField(min_length=2, max_length=10)
    title = SafeLineField(required=False, max_length=20)


def sent(body: str, title: str = "") -> Form:
    """Return the form as somebody sent it."""
    return Form({"body": body, "title": title})


class SafeTextFieldTests(SimpleTestCase):
    def assert_refused(self, body: str, code: str, words: str) -> None:
        form = sent(body)
        self.assertTrue(form.has_error("body", code), form.errors.as_json())
        self.assertIn(words, form.errors["body"][0])

    def test_the_text_is_tidied(self) -> None:
        form = sent("\r\n\r\ne\u0301 \r\nb\r\n")
        self.assertTrue(form.is_valid())
        self.assertEqual(form.cleaned_data["body"], "é\nb")

    def test_lengths_count_characters_of_the_tidied_text(self) -> None:
        for body in ("ab", "👍👍", "\n" + "e\u0301" * 10 + "\r\n\r\n", "👍" * 10, "a\r\n" * 5):
            with self.subTest(ascii(body)):
                self.assertTrue(sent(body).is_valid())

    def test_too_short(self) -> None:
        self.assert_refused(" a ", "min_length", "at least 2 characters")

    def test_too_long_says_by_how_much(self) -> None:
        self.assert_refused("a" * 11, "max_length", "1 character too long. Shorten it to 10")
        self.assert_refused("a" * 13, "max_length", "3 characters too long")

    def test_nothing_written(self) -> None:
        for body in ("", " ", "\r\n\t \u3000"):
            with self.subTest(ascii(body)):
                self.assert_refused(body, "required", "Write something first.")

    def test_unsafe_text(self) -> None:
        for body, code in (
            ("a\x00b", "null"),
            ("a\ud800b", "surrogate"),
            ("a\u202eb", "direction"),
            ("a\x1bb", "control"),
            ("\u200b\u200b", "nothing"),
        ):
            with self.subTest(code):
                self.assertTrue(sent(body).has_error("body", code))

    def test_what_was_typed_comes_back_whole(self) -> None:
        typed = "  far too long <b>\r\n" * 3
        page = str(sent(typed)["body"])
        self.assertIn("  far too long &lt;b&gt;\r\n" * 3, page)
        self.assertNotIn("maxlength", page)
        self.assertIn('data-limit="10"', page)

    def test_a_broken_character_does_not_break_the_page(self) -> None:
        str(sent("a\ud800b")["body"]).encode()

    def test_fields_of_one_line_have_single_blanks(self) -> None:
        form = sent("ab", " a\r\n  b\u2028c ")
        self.assertTrue(form.is_valid())
        self.assertEqual(form.cleaned_data["title"], "a b c")
        self.assertTrue(sent("ab").is_valid())
        self.assertFalse(sent("ab", "a" * 21).is_valid())
        self.assertIn("<input", str(form["title"]))


def test_every_text_area_of_a_template_has_the_style_of_one() -> None:
    """Without its class it is 20 letters wide, white on dark pages, with its label beside it."""
    pages = {path: path.read_text() for path in TEMPLATES.rglob("*.html")}
    areas = [(path, tag) for path, page in pages.items() for tag in AREA.findall(page)]
    assert len(areas) > 5
    assert [each for each in areas if 'class="input"' not in each[1]] == []
