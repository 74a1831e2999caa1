"""Test cleaning text: typed text stays, deceptive or invalid characters are refused."""

import unicodedata

import pytest
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from core.text import MAX_MARKS, UnsafeText, check, clean, skeleton

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("\n \n\t\n  a\n\n", "a"),
        ("a \nb\t\nc\xa0\n\u3000\nd   ", "a\nb\nc\n\nd"),
        ("a  \nb", "a  \nb"),
        ("a     \nb", "a  \nb"),
        ("    code\n\n    code", "    code\n\n    code"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("ﬁ １", "ﬁ １"),
        ("", ""),
        (" \u3000\n ", ""),
        ("\u200d\u200e", "\u200d\u200e"),
    ],
)
def test_clean(typed: str, tidy: str) -> None:
    assert clean(typed) == tidy


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_cleaning_a_pile_of_marks_takes_no_time() -> None:
    # Composing would sort them, and that takes minutes.
    pile = "a" + "\u0301\u0316" * 100_000
    assert clean(pile) == pile


FINE = [
    "No",
    "…",
    "👍",
    "a\tb\nc",
    "\u200eabc\u200f",
    "نامه\u200cای",
    "\u0c1c\u0c4d\u0c1e\u200c\u0c3e",
    "👨\u200d👩\u200d👧\u200d👦" * 40,
    "\u2067שלום\u2069 and \u2066abc\u2068d\u2069\u2069",
    SCOTLAND * 20,
    "q" + "\u0323" * MAX_MARKS,
    "葛\U000e0100",
    "ཧཱུྃ",
    "กี่",
    "\ufdfd" * 20,
    "W" * 5000,
    "❤\ufe0f",
    "co\xadop",
    "a\ue000",
]


@pytest.mark.parametrize("text", FINE, ids=ascii)
def test_what_languages_need_is_fine(text: str) -> None:
    check(clean(text))


UNSAFE = [
    ("a\x00b", "null"),
    ("a\ud800b", "surrogate"),
    ("\udfff", "surrogate"),
    *((f"a{chr(code)}b", "control") for code in (1, 7, 8, 11, 12, 27, 31, 127, 128, 133, 159)),
    *((f"a{chr(code)}b", "control") for code in (0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xFDD0)),
    *((f"a{chr(code)}b", "direction") for code in range(0x202A, 0x202F)),
    ("https://a.example/\u202egnp.live", "direction"),
    ("a\u2067b", "direction"),
    ("a\u2069b", "direction"),
    ("\u2066a\n\u2069b", "direction"),
    ("\u2066\u2067a\u2069b", "direction"),
    ("q" + "\u0323" * (MAX_MARKS + 1), "marks"),
    ("h" + "\u0301\u0335\u0489" * 30, "marks"),
    ("a" + ("\u0323" * 8 + "\u200b") * 9, "marks"),
    ("a" + "\u200b\u200c" * 50, "marks"),
    ("a\U000e0069\U000e0067", "hidden"),
    ("\U0001f3f4\U000e0067", "hidden"),
    ("\U0001f3f4" + "\U000e0067" * 20 + "\U000e007f", "hidden"),
    ("\ufff9a\ufffab\ufffb", "hidden"),
    ("a\u206eb", "hidden"),
    *((text, "nothing") for text in ("", " ", "\u3000", "\u200b", "\xad", "\u2060\ufeff")),
    *((text, "nothing") for text in ("\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u180e")),
    ("\u0301", "nothing"),
]


@pytest.mark.parametrize(("text", "code"), UNSAFE, ids=ascii)
def test_what_deceives_or_breaks_is_refused(text: str, code: str) -> None:
    with pytest.raises(UnsafeText) as unsafe:
        check(text)
    assert unsafe.value.code == code
    assert unsafe.value.message.endswith(".")


def test_the_sentence_says_where_to_look() -> None:
    with pytest.raises(UnsafeText) as unsafe:
        check("First line\nand the second\u202e one")
    assert "“and the second”" in unsafe.value.message
    with pytest.raises(UnsafeText) as unsafe:
        check("\u202eone")
    assert "“" not in unsafe.value.message


@given(st.text())
def test_a_checked_text_can_be_stored_and_seen(text: str) -> None:
    try:
        check(clean(text))
    except UnsafeText:
        return
    tidy = clean(text)
    assert tidy.strip()
    tidy.encode()
    assert not {"\x00", "\r"} & set(tidy)
    assert unicodedata.is_normalized("NFC", tidy)


class SkeletonTests(SimpleTestCase):
    ALIKE = (
        ("admin", "Admin", "ADMIN", "adm1n", "admln", "ad.min", "ad-min", "_admin_", "adrnin"),
        ("root", "r00t", "ro0t", "R-O-O-T"),
        ("willow", "wi11ow", "vvillow", "willovv", "w_i_l_l_o_w"),
        ("sims", "5irns", "s1ms", "slm5"),
        ("vw", "wv", "vvv", "v.v.v"),
        ("corn", "com", "c0m", "co.rn"),
    )

    def test_handles_that_look_alike_share_a_key(self) -> None:
        for handles in self.ALIKE:
            with self.subTest(handles[0]):
                self.assertEqual(len({skeleton(handle) for handle in handles}), 1)

    def test_handles_that_look_different_do_not(self) -> None:
        handles = ("ann", "anna", "bob", "rob", "tom", "tim", "nina", "mina", "2", "8", "x9", "xg")
        self.assertEqual(len({skeleton(handle) for handle in handles}), len(handles))

    def test_separators_alone_have_no_key(self) -> None:
        self.assertEqual(skeleton("_.-"), "")


HANDLES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_.-", max_size=30)


@given(HANDLES)
def test_a_key_is_its_own_key_and_no_longer_than_the_handle(handle: str) -> None:
    key = skeleton(handle)
    assert skeleton(key) == key
    assert len(key) <= len(handle)


@given(HANDLES, HANDLES)
def test_what_looks_like_one_letter_may_stand_for_it_anywhere(before: str, after: str) -> None:
    for letters, letter in (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("r-n", "m")):
        assert skeleton(before + letters + after) == skeleton(before + letter + after)
