"""Test that every mail of the site is among those that are drawn to be looked at."""

from pathlib import Path

import pytest

from notifications import kinds
from tests.browser import gallery
from tests.browser.mails import expected, refuse_missing
from tests.browser.site import BrowserSite

_WRITE = "from tests.browser.mails import write; write({folder!r})"


def test_each_is_drawn(own_site: BrowserSite, tmp_path: Path) -> None:
    gallery.furnish(own_site)
    own_site.manage("shell", "--no-imports", "-c", _WRITE.format(folder=str(tmp_path)))
    drawn = {path.stem for path in tmp_path.glob("*.html")}
    assert drawn == expected()
    for name in drawn:
        text = (tmp_path / f"{name}.txt").read_text()
        assert "Subject: " in text, name
        assert "\n\n\n" not in text, name


def test_one_that_is_not_drawn_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = expected()
    refuse_missing(before)
    new = kinds.NotificationKind("new", kinds.groups()[0], "comment")
    monkeypatch.setitem(kinds._kinds, new.name, new)
    with pytest.raises(AssertionError, match="one-new"):
        refuse_missing(before)
    with pytest.raises(AssertionError, match="account-login_code"):
        refuse_missing(before - {"account-login_code"})
