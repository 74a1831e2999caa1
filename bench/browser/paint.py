"""Time the paints of pages on a phone with a slow connection, on a first and on a second visit.

The connection is that of `bench.harness.slow_line`; the processor counts as four times slower.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import QUIET_CHROMIUM
from tests.browser.site import BrowserSite
from tests.services import chromium

from ..harness.site import MeasuredDiscussion
from ..harness.slow_line import slow_line
from .interaction import SCREEN, SLOWER

VISITS = 5  # pairs of a first and a second visit, whose median counts
FIRST, AGAIN = "first visit", "again"
FIRST_PAINTED, SHIFT = "first paint", "shift"
PHONE: dict[str, Any] = {
    "viewport": SCREEN,
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

# Runs in the page before any other script.
WATCH = """() => {
  window.seen = { largest: 0, shift: 0 };
  const watch = (type, act) => new PerformanceObserver(
    (list) => list.getEntries().forEach(act)
  ).observe({ type, buffered: true });
  watch("largest-contentful-paint", (entry) => { seen.largest = entry.startTime; });
  watch("layout-shift", (entry) => { seen.shift += entry.value; });
}"""

# Waits two frames after the fonts have loaded, so that a last shift counts, too.
FIGURES = """async () => {
  await document.fonts.ready;
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  const paint = Object.fromEntries(
    performance.getEntriesByType("paint").map((entry) => [entry.name, entry.startTime])
  );
  return {
    "first paint": paint["first-paint"] / 1000,
    "first content": paint["first-contentful-paint"] / 1000,
    "largest content": seen.largest / 1000,
    "shift": seen.shift,
  };
}"""


@dataclass
class Traffic:
    """The responses that a page loads, counted as sent."""

    requests: int = 0
    bytes: int = 0

    def finished(self, event: dict[str, Any]) -> None:
        """Count one response."""
        self.requests += 1
        self.bytes += int(event["encodedDataLength"])


def measure(site: BrowserSite, discussion: MeasuredDiscussion) -> list[dict[str, Any]]:
    """Return a row for each page and kind of visit: medians of seconds, bytes and requests."""
    paths = {
        "post": discussion.path,
        "front page": "/",
        "stance page": f"{discussion.path}stances/",
    }
    with (
        sync_playwright() as playwright,
        slow_line(urlsplit(site.url).port or 80) as line,
    ):
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=QUIET_CHROMIUM)
        rows = []
        for what, path in paths.items():
            pairs = [
                visits(browser, f"http://localhost:{line.port}{path}", line.hang_up)
                for _ in range(VISITS)
            ]
            for visit, figures in zip((FIRST, AGAIN), zip(*pairs, strict=True), strict=True):
                rows.append({"what": what, "visit": visit, **typical(list(figures))})
        browser.close()
    return rows


def typical(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure, of shifts the largest."""
    return {
        name: (max if name == SHIFT else statistics.median)([run[name] for run in runs])
        for name in runs[0]
    }


def visits(
    browser: Browser, address: str, hang_up: Callable[[], None]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the figures of a visit with an empty cache, and of the next one."""
    context = browser.new_context(**PHONE)
    context.add_init_script(f"({WATCH})()")
    first, again = visit(context, address, hang_up), visit(context, address, hang_up)
    context.close()
    return first, again


def visit(context: BrowserContext, address: str, hang_up: Callable[[], None]) -> dict[str, float]:
    """Return the figures of one visit over new connections."""
    hang_up()
    page = context.new_page()
    traffic = watched(page)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    figures: dict[str, float] = page.evaluate(FIGURES)
    page.close()
    return figures | {"bytes": traffic.bytes, "requests": traffic.requests}


def watched(page: Page) -> Traffic:
    """Slow the processor of `page` down and count the responses it loads."""
    traffic = Traffic()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", traffic.finished)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return traffic
