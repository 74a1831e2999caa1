"""Test the typefaces: characters, weights and sizes of the files, fallbacks, licences."""

import re
from typing import NamedTuple

import pytest
from fontTools.ttLib import TTFont

from deploy.typefaces import FONTS, cuts
from tests.services import ROOT

SHEET = (ROOT / "site/static/css/typefaces.css").read_text()
STYLES = "\n".join(path.read_text() for path in (ROOT / "site/static/css").glob("*.css"))
ENGLISH = set(map(ord, "The quick brown fox, “jumping” over 3 lazy dogs — isn’t it?"))
LETTERS = {"latin": "Aé–ß", "latin-ext": "ńŐłğ", "vietnamese": "ặửƠ"}
# Bytes of the three files that every first visit fetches, and of any other.
FIRST_MOST, OTHER_MOST = 80_000, 45_000


class Face(NamedTuple):
    """A `@font-face` of the site's style sheets."""

    family: str
    file: str
    weights: tuple[int, int]
    italic: bool
    characters: set[int]


def characters(ranges: str) -> set[int]:
    """Return the code points of a `unicode-range`."""
    found: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges):
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def faces() -> list[Face]:
    """Return the `@font-face` rules whose files are part of the site."""
    found = []
    for rule in re.findall(r"@font-face \{(.*?)\}", SHEET, re.DOTALL):
        values = dict(re.findall(r"([\w-]+): ([^;]+);", rule))
        if file := re.search(r"/([\w-]+)\.woff2", values["src"]):
            weights = [int(each) for each in values["font-weight"].split()]
            assert values["font-display"] == "optional"
            found.append(
                Face(
                    values["font-family"],
                    file[1],
                    (weights[0], weights[-1]),
                    "font-style" in values,
                    characters(values["unicode-range"]),
                )
            )
    return found


@pytest.mark.parametrize("face", faces(), ids=lambda face: f"{face.file}-{face.weights[0]}")
def test_a_file_holds_the_letters_and_weights_that_are_said(face: Face) -> None:
    font = TTFont(FONTS / f"{face.file}.woff2")
    [letters] = [LETTERS[script] for script in LETTERS if face.file.endswith(f"-{script}")]
    assert set(map(ord, letters)) <= set(font.getBestCmap()) & face.characters
    if "fvar" in font:
        [axis] = font["fvar"].axes
        assert axis.axisTag == "wght"
        assert axis.minValue <= face.weights[0]
        assert axis.maxValue >= face.weights[1]
    else:
        assert face.weights == (400, 400)


def test_the_files_are_those_that_are_cut() -> None:
    files = {path.stem for path in FONTS.glob("*.woff2")}
    assert files == {each.name for each in cuts()} == {face.file for face in faces()}


def test_english_is_fetched_once_for_each_face_and_weight() -> None:
    """Load only the Latin files for a page in English."""
    assert {face.file for face in faces() if ENGLISH & face.characters} == {
        "newsreader-latin",
        "newsreader-italic-latin",
        "newsreader-italic-bold-latin",
        "figtree-latin",
    }


def test_the_files_are_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in FONTS.glob("*.woff2")}
    preloaded = re.findall(
        r"fonts/([\w-]+)\.woff2", (ROOT / "templates/components/_typefaces.html").read_text()
    )
    assert len(preloaded) == 3
    assert sum(sizes.pop(name) for name in preloaded) <= FIRST_MOST
    assert max(sizes.values()) <= OTHER_MOST


def test_every_typeface_has_stand_ins_and_its_licence() -> None:
    stand_ins = set(re.findall(r'font-family: "(\w+ as \w+)"', SHEET))
    for family in ("Newsreader", "Figtree"):
        own = {name for name in stand_ins if name.startswith(f"{family} as ")}
        assert len(own) == 3
        assert [name for name in own if f'"{name}"' not in STYLES.replace(SHEET, "")] == []
        assert (FONTS / f"{family.lower()}-OFL.txt").exists()
