"""Take the pictures of docs/tour.md, from the demonstration, in Chromium.

    python docs/draw_tour.py       (or make tour)

Each is a page as a person sees it: its name, its address, who opens it, the width of the window
and what is at its top. The words beside the pictures are written in docs/tour.md by hand.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/tour"
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from tests import made_once, services  # noqa: E402
from tests.browser.conftest import QUIET_CHROMIUM  # noqa: E402
from tests.browser.site import BrowserSite, serving  # noqa: E402

# Pixels: the windows that the drawings of the design are made for.
DESKTOP, PHONE = (1280, 860), (390, 844)
# WebP of this quality keeps letters sharp at a quarter of the bytes of PNG.
QUALITY = 82
POST = "/posts/management-and-leadership/"


@dataclass(frozen=True)
class Picture:
    """A page to photograph: its file's name, its address, and the person who opens it.

    `top` is a CSS selector of what the picture begins with; none begins with the page.
    """

    name: str
    address: str
    who: str = ""
    top: str = ""
    window: tuple[int, int] = DESKTOP
    dark: bool = False

    @property
    def path(self) -> Path:
        """The file that the picture is stored in."""
        return FOLDER / f"{self.name}.webp"


PICTURES = (
    Picture("front", "/"),
    Picture("question", POST, top="#question", window=(1280, 1000)),
    Picture("discussion", POST, top="#discussion"),
    Picture("phone", POST, top="#question", window=PHONE, dark=True),
    Picture("answer", POST + "answer/?stance=same"),
    Picture("stances", POST + "stances/"),
    Picture("changes", POST + "changes/"),
    Picture("closing", POST + "closing/"),
    Picture("series", "/series/managing-and-leading/"),
    Picture("profile", "/@reader/"),
    Picture("studio", "/studio/", "author"),
    Picture("desk", "/moderation/", "moderator"),
    Picture("settings", "/settings/site/", "admin"),
)


def take(browser: Browser, site: BrowserSite, picture: Picture) -> bytes:
    """Return `picture` as a PNG, on a phone with twice as many pixels a side.

    Raise `AssertionError` where the page does not answer 200.
    """
    width, height = picture.window
    with browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if picture.window == PHONE else 1,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
    ) as context:
        if picture.who:
            context.add_cookies([site.session(picture.who)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(site.url + picture.address)
        # Typefaces that come late are not swapped in: the second time they are in the cache.
        answer = page.reload()
        assert answer is not None, picture
        assert answer.status == 200, picture
        if picture.top:
            page.locator(picture.top).first.evaluate("found => found.scrollIntoView()")
        return page.screenshot()


def store(png: bytes, path: Path) -> None:
    """Write `png` to `path` as WebP."""
    Image.open(io.BytesIO(png)).convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)


def taken(site: BrowserSite) -> Iterator[tuple[Picture, bytes]]:
    """Yield each picture with its PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(services.chromium()), args=QUIET_CHROMIUM
        )
        for picture in PICTURES:
            yield picture, take(browser, site, picture)
        browser.close()


def main() -> None:
    """Take all pictures anew, and print the bytes of each."""
    FOLDER.mkdir(exist_ok=True)
    prepared = made_once.demonstration()
    with tempfile.TemporaryDirectory() as folder, serving(prepared, Path(folder)) as site:
        for picture, png in taken(site):
            store(png, picture.path)
            print(f"{picture.path.relative_to(ROOT)}: {picture.path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
