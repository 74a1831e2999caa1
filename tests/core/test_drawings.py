"""Test that every drawing in a page says its size, so that it has one where style sheets fail."""

import re
from pathlib import Path

from core.templatetags.core_tags import SHAPES, glyph

ROOT = Path(__file__).parents[2]
DRAWING = re.compile(r"<svg\b[^>]*>")


def sizes(page: str) -> list[tuple[str, bool]]:
    """Return the opening tags of the drawings in `page`, and whether each says its size."""
    return [(tag, " width=" in tag and " height=" in tag) for tag in DRAWING.findall(page)]


def test_every_drawing_of_a_template_says_its_size() -> None:
    found = [
        (path.name, tag, is_sized)
        for path in (ROOT / "templates").rglob("*.html")
        for tag, is_sized in sizes(path.read_text())
    ]
    assert len(found) >= 10
    assert [each for each in found if not each[2]] == []


def test_glyphs_say_their_size_and_nothing_else_draws_by_hand() -> None:
    assert all(is_sized for shape in SHAPES for _tag, is_sized in sizes(glyph(shape)))
    drawn = {
        str(path.relative_to(ROOT))
        for app in ("site", "posts", "comments")
        for path in (ROOT / app).rglob("*.py")
        if "<svg" in path.read_text()
    }
    assert drawn == {"site/core/templatetags/core_tags.py"}
