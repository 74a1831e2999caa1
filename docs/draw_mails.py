"""Take pictures of every mail, to be looked at: as HTML by day and by night, and as text.

    python docs/draw_mails.py FOLDER       (or make mails ARGS=FOLDER)

The mails are those of the demonstration with the rows of the gallery, in Chromium: one of each kind
of notification, gathered ones, articles, and those about accounts. A mail that nothing causes fails
it (`tests/browser/mails.py`). Pictures are as wide as the window of a mail program and as a phone.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from tests import made_once, services  # noqa: E402
from tests.browser import gallery  # noqa: E402
from tests.browser.conftest import QUIET_CHROMIUM  # noqa: E402
from tests.browser.site import BrowserSite, prepare  # noqa: E402

SITE = "http://localhost:8000"
WIDTHS = (600, 390)
SCHEMES = ("light", "dark")
_WRITE = "from tests.browser.mails import write; write({folder!r})"


def drawn(browser: Browser, mail: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures of one mail, each with what its file's name ends in."""
    for scheme in SCHEMES:
        for width in WIDTHS:
            with browser.new_context(
                viewport={"width": width, "height": 400},
                color_scheme=scheme,  # type: ignore[arg-type]
            ) as context:
                page = context.new_page()
                page.goto(mail.as_uri())
                yield f"{width}-{scheme}", page.screenshot(full_page=True)
    with browser.new_context(viewport={"width": WIDTHS[0], "height": 400}) as context:
        page = context.new_page()
        page.goto(mail.with_suffix(".txt").as_uri())
        yield "text", page.screenshot(full_page=True)


def main(folder: Path) -> None:
    """Write all mails and their pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        prepare(Path(data))
        site = BrowserSite(SITE, Path(data), made_once.real_environment(Path(data), SITE))
        gallery.furnish(site)
        site.manage("shell", "--no-imports", "-c", _WRITE.format(folder=str(folder.resolve())))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(services.chromium()), args=QUIET_CHROMIUM
        )
        for mail in sorted(folder.glob("*.html")):
            for name, png in drawn(browser, mail):
                (folder / f"{mail.stem}-{name}.png").write_bytes(png)
            print(mail.stem)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the folder that the pictures are written to.")
    main(Path(sys.argv[1]))
