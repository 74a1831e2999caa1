"""Test that the pictures of docs/tour.md can be taken, and that each has its words."""

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.site import BrowserSite

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def draw_tour() -> Any:
    """Return the script, which is no module of a package."""
    sys.path.append(str(DOCS))
    yield import_module("draw_tour")
    sys.path.remove(str(DOCS))


def test_every_picture_has_a_file_and_words(draw_tour: Any) -> None:
    shown = re.findall(r"!\[(.+?)\]\(tour/(.+?)\)", (DOCS / "tour.md").read_text())
    stored = sorted(path.name for path in draw_tour.FOLDER.iterdir())
    assert sorted(name for _words, name in shown) == stored
    assert sorted(picture.path.name for picture in draw_tour.PICTURES) == stored


def test_every_picture_can_be_taken(draw_tour: Any, browser: Browser, site: BrowserSite) -> None:
    """The site is shared with other tests, so only the place and the status can be known."""
    for picture in draw_tour.PICTURES:
        assert draw_tour.take(browser, site, picture).startswith(b"\x89PNG")
