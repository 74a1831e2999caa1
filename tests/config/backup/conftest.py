"""Provide a media folder, and a second site to restore into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from .sites import SecondSite, second_site


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    """Return the path of the media folder of the site under test, not made yet."""
    settings.DATA_DIR = tmp_path / "state"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    settings.DATA_DIR.mkdir()
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def second(transactional_db: None, tmp_path: Path) -> Iterator[SecondSite]:
    """Yield a second site without tables."""
    with second_site(tmp_path / "second", "second") as site:
        yield site
