"""Time interactions in a browser with 5,000 loaded comments, compared with 100.

The site never sends 5,000 at once: the threads of a page are copied in the browser, so that the
site's own styles and scripts are measured. A phone's processor counts as four times slower.
"""

import statistics
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import QUIET_CHROMIUM
from tests.browser.site import BrowserSite
from tests.services import chromium

from ..harness.site import READER, MeasuredDiscussion

FEW, MANY = 100, 5_000  # comments
TIMES = 15  # repetitions of an interaction, whose median counts
SLOWER = 4  # times, Chromium's throttling of the processor for a mid-range phone
SCREEN = {"width": 390, "height": 844}  # CSS pixels of a phone

# Copies the threads of the page until it has `wanted` comments, each copy with unique ids.
GROW = """wanted => {
  const list = document.getElementById("threads");
  const threads = [...list.children];
  const count = () => list.querySelectorAll("article.comment").length;
  for (let round = 1; count() < wanted; round += 1) {
    for (const thread of threads) {
      const copy = thread.cloneNode(true);
      for (const each of [copy, ...copy.querySelectorAll("[id]")]) {
        if (each.id) each.id += `-${round}`;
      }
      for (const each of copy.querySelectorAll("[aria-labelledby]")) {
        each.setAttribute("aria-labelledby", `${each.getAttribute("aria-labelledby")}-${round}`);
      }
      list.append(copy);
      if (count() >= wanted) break;
    }
  }
  return count();
}"""

# Milliseconds from the interaction until the frame after it is painted.
ACT = """async act => {
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  await painted();
  const acts = {
    fold() { document.querySelector("#threads details > summary").click(); },
    scroll() { window.scrollBy(0, 2 * window.innerHeight); },
    type() {
      const field = document.querySelector("form[data-composer] textarea");
      field.value += "x";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    focus() {
      const all = document.querySelectorAll("#threads article.comment");
      window.turn = (window.turn ?? 0) + 1;
      all[window.turn % 20].focus({ preventScroll: true });
    },
  };
  const start = performance.now();
  acts[act]();
  await painted();
  return performance.now() - start;
}"""
ACTS = ("fold", "scroll", "type", "focus")


def measure(site: BrowserSite, discussion: MeasuredDiscussion) -> dict[str, dict[str, float]]:
    """Return each interaction's median milliseconds with few and many comments, and the ratio.

    `discussion` needs at least as many comments as a page shows.
    """
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(chromium()), args=QUIET_CHROMIUM)
        few, many = (in_page(launched, site, discussion, size) for size in (FEW, MANY))
        launched.close()
    return {
        act: {"few": few[act], "many": many[act], "ratio": many[act] / few[act]} for act in ACTS
    }


def in_page(
    browser: Browser, site: BrowserSite, discussion: MeasuredDiscussion, size: int
) -> dict[str, float]:
    """Return the median milliseconds of each interaction in a page with `size` comments."""
    context = browser.new_context(base_url=site.url, viewport=SCREEN)  # type: ignore[arg-type]
    cookie: Any = site.session(READER)
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(discussion.path)
    grown: int = page.evaluate(GROW, size)
    assert grown >= size, f"{grown} comments on the page"
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found = {act: typical(page, act) for act in ACTS}
    context.close()
    return found


def typical(page: Page, act: str) -> float:
    """Return the median milliseconds of an interaction, repeated `TIMES` times."""
    page.evaluate(ACT, act)
    taken: list[float] = [page.evaluate(ACT, act) for _ in range(TIMES)]
    return statistics.median(taken)
