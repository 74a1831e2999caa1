"""Check a page for accessibility, layout, outline and console errors; each returns its faults."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops
from playwright.sync_api import ConsoleMessage, Page, Request

DESKTOP, PHONE = (1280, 900), (390, 844)
NARROW = (320, 800)
# axe's tags for WCAG 2.2 AA, and for best practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# Messages of the browser and htmx about an intended refusal.
REFUSED = re.compile("status of 4|Status Error Code 4")
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.5.8
# A round corner that is drawn again differs by 1 or 2 of 255 where nothing changed.
ROUNDED = 8

AXE: str = Axe().axe_script

WIDER_THAN_THE_WINDOW = """() => {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll("body *")]
    .filter((e) => !e.closest("svg"))
    .filter((e) => Math.max(e.getBoundingClientRect().right, e.scrollWidth) > room + 0.5)
    .filter((e, _, wide) => !wide.some((other) => other !== e && e.contains(other)))
    .map((e) => `${e.tagName}.${e.className}: ${e.innerText?.slice(0, 40)}`);
  return [`${document.scrollingElement.scrollWidth} pixels`, ...wide.slice(-3)];
}"""

# Targets that are too small, and so near to another that circles of 24 pixels around both overlap.
# Links within a sentence, and controls drawn by the browser itself, are exempt.
SMALL_TARGETS = """(least) => {
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const all = [...document.querySelectorAll(selector)].filter(seen);
  const box = (e) => (e.closest("label") ?? e).getBoundingClientRect();
  const inSentence = (e) =>
    e.matches("a, button") &&
    getComputedStyle(e).display === "inline" &&
    [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && /\\w/.test(n.textContent));
  const hidden = (r) => r.width <= 1 || r.height <= 1;
  const small = all.filter((e) => {
    const r = box(e);
    return !hidden(r) && (r.width < least || r.height < least) && !inSentence(e);
  });
  const centre = (r) => [r.x + r.width / 2, r.y + r.height / 2];
  const near = (e, other) => {
    if (e === other || e.contains(other) || other.contains(e)) return false;
    if (e.closest("label") && e.closest("label") === other.closest("label")) return false;
    const a = box(e), b = box(other);
    if (hidden(b)) return false;
    const [x, y] = centre(a);
    const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
    return Math.hypot(dx, dy) < least / 2;
  };
  return small
    .filter((e) => all.some((other) => near(e, other)))
    .map((e) => `${e.tagName} ${e.innerText || e.name}: ${box(e).width}x${box(e).height}`);
}"""

RUN_AXE = """async (options) => {
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]));
}"""

OUTLINE = """() => ({
  "one h1": document.querySelectorAll("h1").length === 1,
  "title": document.title.length > "Counterpoint".length,
  "language": document.documentElement.lang !== "",
  "canonical address, or kept out of search engines":
    document.querySelectorAll("link[rel=canonical], meta[name=robots][content=noindex]").length > 0,
})"""

MOVING = """() => document.getAnimations()
  .filter((a) => a.effect.getComputedTiming().duration > 10)
  .map((a) => a.effect.target?.className ?? "?")"""


@contextmanager
def watched(page: Page, site_url: str) -> Iterator[list[str]]:
    """Yield a list that collects console errors and requests to other hosts during the block."""
    faults: list[str] = []
    host = urlsplit(site_url).netloc

    def requested(request: Request) -> None:
        if urlsplit(request.url).netloc != host:
            faults.append(f"asks another host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not REFUSED.search(message.text):
            faults.append(f"console: {message.text}")

    page.on("request", requested)
    page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
    page.on("console", said)
    yield faults


def inaccessible(page: Page) -> list[str]:
    """Return the violations that axe finds."""
    if page.evaluate("!window.axe"):  # half a megabyte, read once for each page
        page.evaluate(AXE)
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        # axe would ask a frame to check itself; ours run no scripts.
        "iframes": False,
    }
    found = page.evaluate(RUN_AXE, options)
    return [f"axe {rule}: {html[:120]}" for rule, html in found]


def set_size(page: Page, size: tuple[int, int]) -> None:
    """Set the window to `size`, in CSS pixels."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def inaccessible_anywhere(page: Page) -> list[str]:
    """Return the violations that axe finds on a desktop in the light and on a phone in the dark.

    A colour follows the theme and a layout the width, so each of them is seen once.
    """
    faults = []
    looks: tuple[tuple[tuple[int, int], Literal["light", "dark"]], ...] = (
        (DESKTOP, "light"),
        (PHONE, "dark"),
    )
    for size, theme in looks:
        set_size(page, size)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        faults += [f"{size[0]} px, {theme}: {fault}" for fault in inaccessible(page)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def badly_laid_out(page: Page) -> list[str]:
    """Return elements wider than a narrow window, and targets too small for a finger."""
    set_size(page, PHONE)
    small = page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)
    set_size(page, NARROW)
    wide = page.evaluate(WIDER_THAN_THE_WINDOW)
    return [*(f"small target: {each}" for each in small), *(f"too wide: {each}" for each in wide)]


def badly_outlined(page: Page) -> list[str]:
    """Return the missing parts of an outline: title, one main heading, address, language."""
    # After a click the new page may have begun without an element.
    page.wait_for_load_state()
    found: dict[str, Any] = page.evaluate(OUTLINE)
    return [f"outline: {what} is {found[what]!r}" for what in found if found[what] is not True]


def pixels(page: Page) -> Image.Image:
    """Return a picture of the whole page."""
    return Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")


def most_apart(one: Image.Image, other: Image.Image) -> int:
    """Return by how much two pictures of one size differ at most in a colour, of 255."""
    # A pair for each of the three colours; Pillow's types allow for a single one, too.
    extremes: Any = ImageChops.difference(one, other).getextrema()
    return max(int(high) for _low, high in extremes)


def drawn_otherwise(page: Page, sheet: str) -> Iterator[str]:
    """Yield a fault if `page` would look different with the style sheet at `sheet`, too."""
    before = pixels(page)
    page.add_style_tag(url=sheet)
    after = pixels(page)
    if before.size != after.size or most_apart(before, after) > ROUNDED:
        yield f"it needs {sheet}, which it does not name"


def moving(page: Page) -> list[str]:
    """Return the elements animated by a change of theme in spite of `prefers-reduced-motion`."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = page.evaluate(MOVING)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [f"moves: {each}" for each in found]
