"""Test the look-alike keys of names."""

import pytest

from core.text import LOOK_LENGTH, look, skeleton

# Each passes for "Moderator" in most typefaces.
MODERATORS = [
    "moderator",
    "MODERATOR",
    "Mod erator",
    "M.o.d.e.r.a.t.o.r",
    "Moderator...",
    "_Moderator_",
    "Moderator✓",
    "M0derat0r",
    "Моderatоr",  # Cyrillic М and о
    "Μοderator",  # Greek Μ and ο
    "мodеrаtоr",
    "Ｍｏｄｅｒａｔｏｒ",
    "𝐌𝐨𝐝𝐞𝐫𝐚𝐭𝐨𝐫",
    "Ⓜⓞⓓⓔⓡⓐⓣⓞⓡ",
    "Mode\u200brator",
    "Mode\u00adrator",
    "\u202eModerator\u202c",
    "\u2066Moderator\u2069",
    "Móderàtör",
    "M̶o̶d̶e̶r̶a̶t̶o̶r",
    "rnoderator",
    "ᴍᴏᴅᴇʀᴀᴛᴏʀ",
    "🅼🅾🅳🅴🆁🅰🆃🅾🆁",
    "🇲🇴🇩🇪🇷🇦🇹🇴🇷",
    "Mođerator",
    "Moder@tor",
    "Moderator\ufe0f",
    "Moderator\u034f",
]


@pytest.mark.parametrize("name", MODERATORS)
def test_names_that_look_alike_have_one_key(name: str) -> None:
    assert look(name) == look("Moderator")


@pytest.mark.parametrize(
    "name", ["Modern Rat", "Model Orator", "Deborah", "Ada Marsh", "モデレーター"]
)
def test_other_names_have_other_keys(name: str) -> None:
    assert look(name) not in {"", look("Moderator")}


def test_names_in_other_scripts_keep_their_letters() -> None:
    names = ["Олександр Гриценко", "山田太郎", "محمد علي", "दीपा रमन", "Γιώργος"]
    assert len({look(name) for name in names}) == len(names)


@pytest.mark.parametrize("handle", ["ada", "m.okafor", "w_w-w", "vvw", "rn5i1l0"])
def test_a_handle_has_the_same_key_as_a_name(handle: str) -> None:
    assert look(handle) == skeleton(handle)


def test_signs_alone_look_like_nothing() -> None:
    assert look("… · ★ \u200b") == ""


def test_the_key_fits_its_column() -> None:
    assert len(look("ﷺ" * 80)) == LOOK_LENGTH
